package org.fedlayers.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fedlayers.data.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fedlayers kernel}: installs the notebook kernel, and is what Jupyter starts. */
@Command(
    name = "kernel",
    description = "Install or start the Jupyter kernel for Java.",
    mixinStandardHelpOptions = true)
public final class KernelCommand implements Runnable {
  /** How long an interrupted cell may take to end in order. */
  private static final long GRACE_MILLIS = 2000;

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
    System.out.println(KernelSpec.here().install(System.getenv()));
  }

  @Command(description = "Serve one notebook (what Jupyter calls).")
  void run(@Parameters(paramLabel = "CONNECTION_FILE") Path file) throws Exception {
    Connection connection = Connection.read(file);
    endWithParent(System.getenv().getOrDefault("JPY_PARENT_PID", ""));
    new Kernel(connection, classPath(System.getenv()), GRACE_MILLIS).start().join();
  }

  /** Jupyter sets this variable for kernels that are of no use without it. */
  private static void endWithParent(String pid) {
    if (pid.matches("\\d{1,9}")) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
    }
  }

  /** This process' class path and what the environment adds for Java kernels, each once. */
  static List<String> classPath(Map<String, String> environment) throws IOException {
    Set<String> entries = new LinkedHashSet<>();
    for (String paths :
        List.of(
            System.getProperty("java.class.path"),
            environment.getOrDefault("IJAVA_CLASSPATH", ""),
            environment.getOrDefault("JJAVA_CLASSPATH", ""))) {
      for (String path : paths.split(File.pathSeparator)) {
        int slash = path.lastIndexOf(File.separatorChar);
        if (path.indexOf('*') > slash) {
          Path folder = Path.of(path.substring(0, slash + 1)).toAbsolutePath();
          try (var files = Files.newDirectoryStream(folder, path.substring(slash + 1))) {
            files.forEach(file -> entries.add(file.toString()));
          }
        } else if (!path.isBlank()) {
          entries.add(Path.of(path).toAbsolutePath().toString());
        }
      }
    }
    return List.copyOf(entries);
  }
}
