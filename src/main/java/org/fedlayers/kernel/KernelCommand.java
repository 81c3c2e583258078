package org.fedlayers.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.util.PathsHandler;
import org.fedlayers.data.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fedlayers kernel}: installs the notebook kernel, and is what Jupyter starts. */
@Command(name = "kernel", description = "Install or start the Jupyter kernel for Java.")
public final class KernelCommand implements Runnable {
  /** How long an interrupted cell may take to end in order. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  private boolean help;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // The same words and digits everywhere.
    CommandLine line = new CommandLine(new KernelCommand());
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (thrown instanceof UserError) {
            command.getErr().println(thrown.getMessage());
            return CommandLine.ExitCode.USAGE;
          }
          throw thrown;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: install or run");
  }

  @Command(description = "Install as kernel 'java', unless a Java kernel is already there.")
  void install() {
    System.out.println(KernelSpec.here().install(JupyterFolders.of(System.getenv())));
  }

  @Command(description = "Serve one notebook (what Jupyter calls).")
  void run(@Parameters(paramLabel = "CONNECTION_FILE") Path file) throws Exception {
    JavaKernel kernel = new JavaKernel(classPath(System.getenv()), GRACE);
    JupyterConnection connection = new JupyterConnection(connection(file));
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    kernel.onStartup();
    connection.waitUntilClose();
  }

  private static KernelConnectionProperties connection(Path file) {
    try {
      return KernelConnectionProperties.parse(Files.readString(file));
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          file + ": not a Jupyter connection file; Jupyter writes one and names it", e);
    }
  }

  /** This process' class path and what the environment adds for Java kernels, each once. */
  static List<String> classPath(Map<String, String> environment) {
    Set<String> entries = new LinkedHashSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    for (String variable : List.of("IJAVA_CLASSPATH", "JJAVA_CLASSPATH")) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isBlank()) {
        PathsHandler.splitAndResolveGlobs(value)
            .forEach(path -> entries.add(path.toAbsolutePath().toString()));
      }
    }
    return List.copyOf(entries);
  }
}
