package org.fedlayers.kernel;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;

/** What Jupyter starts: {@code run CONNECTION_FILE} serves one notebook. */
public final class KernelCommand {
  /** How long an interrupted cell may take to end in order. */
  private static final long GRACE_MILLIS = 2000;

  private KernelCommand() {}

  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.ROOT); // The same words and digits everywhere.
    try {
      if (arguments.length != 2 || !arguments[0].equals("run")) {
        throw new UserError("Say what to do: kernel install, or kernel run CONNECTION_FILE");
      }
      Connection connection = Connection.read(Path.of(arguments[1]));
      endWithParent(System.getenv().getOrDefault("JPY_PARENT_PID", ""));
      new Kernel(connection, classPath(System.getenv()), GRACE_MILLIS).start();
    } catch (UserError mistake) {
      System.err.println(mistake.getMessage());
      System.exit(2);
    }
  }

  /** Jupyter sets this variable for kernels that are of no use without it. */
  private static void endWithParent(String pid) {
    if (pid.matches("\\d{1,9}")) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
    }
  }

  /** This process' class path and what the environment adds for Java kernels, each once. */
  static String classPath(Map<String, String> environment) {
    return Stream.of(
            System.getProperty("java.class.path"),
            environment.getOrDefault("IJAVA_CLASSPATH", ""),
            environment.getOrDefault("JJAVA_CLASSPATH", ""))
        .flatMap(paths -> Stream.of(paths.split(File.pathSeparator)))
        .filter(path -> !path.isBlank())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
