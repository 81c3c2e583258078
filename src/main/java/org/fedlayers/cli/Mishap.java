package org.fedlayers.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.UserError;
import picocli.CommandLine.ExitCode;

/**
 * Says in words what ended a command, with a remedy; stack traces of what looks like a fault of the
 * program go to a file.
 */
final class Mishap {
  private Mishap() {}

  /** Prints what happened and returns the exit status: 2 for the user's mistake, 1 for others. */
  static int report(Throwable thrown, PrintWriter err) {
    if (thrown instanceof UserError) {
      err.println(thrown.getMessage());
      return ExitCode.USAGE;
    }
    if (thrown instanceof StoppedException) {
      err.println("stopped; the same command starts again");
      return Interruption.status();
    }
    err.println(words(thrown));
    return ExitCode.SOFTWARE;
  }

  private static String words(Throwable thrown) {
    OutOfMemoryError memory = cause(thrown, OutOfMemoryError.class);
    if (memory != null) {
      return "out of memory (%s; the heap may grow to %d MB). Take fewer --workers or a smaller"
              .formatted(memory.getMessage(), Runtime.getRuntime().maxMemory() >> 20)
          + " training.batch, or give more with FEDLAYERS_JVM=-Xmx8g; what was finished is kept";
    }
    LinkageError library = cause(thrown, LinkageError.class);
    if (library != null) {
      return "a library cannot be loaded (%s): run 'make build' again, and see that HOME and the"
              .formatted(library.toString().lines().findFirst().orElse(""))
          + " temporary folder can be written"
          + trace(thrown);
    }
    IOException file = cause(thrown, IOException.class);
    if (file != null) {
      String task = thrown instanceof UncheckedIOException ? thrown.getMessage() + ": " : "";
      return task
          + WorkFolder.reason(file)
          + ". What was finished is kept: mend it and give the same command again";
    }
    return "this is a fault of the program, not yours: " + thrown + trace(thrown);
  }

  private static <T extends Throwable> T cause(Throwable thrown, Class<T> kind) {
    return Stream.iterate(thrown, now -> now != null, Throwable::getCause)
        .limit(20)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElse(null);
  }

  /** Where the stack trace is. */
  private static String trace(Throwable thrown) {
    try {
      Path file = Files.createTempFile("fedlayers-", ".log");
      try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(file))) {
        thrown.printStackTrace(log);
      }
      return "\nThe stack trace is in " + file;
    } catch (IOException unwritable) {
      thrown.printStackTrace();
      return "";
    }
  }
}
