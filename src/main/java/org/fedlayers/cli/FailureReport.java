package org.fedlayers.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.UserError;
import picocli.CommandLine.ExitCode;

/**
 * Reports the exception that ended a command in words, with a remedy. The stack trace of what looks
 * like a fault of the program goes to a file.
 */
final class FailureReport {
  private FailureReport() {}

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
    OutOfMemoryError memory = ExceptionUtils.throwableOfType(thrown, OutOfMemoryError.class);
    if (memory != null) {
      return "out of memory (%s; the heap may grow to %d MB). Take fewer --workers or a smaller"
              .formatted(memory.getMessage(), Runtime.getRuntime().maxMemory() >> 20)
          + " training.batch, or give more with FEDLAYERS_JVM=-Xmx8g; what was finished is kept";
    }
    LinkageError library = ExceptionUtils.throwableOfType(thrown, LinkageError.class);
    if (library != null) {
      return "a library cannot be loaded (%s): run 'make clean build', and see that HOME and the"
              .formatted(library.toString().lines().findFirst().orElse(""))
          + " temporary folder can be written"
          + trace(thrown);
    }
    IOException file = ExceptionUtils.throwableOfType(thrown, IOException.class);
    if (file != null) {
      String task = thrown instanceof UncheckedIOException ? thrown.getMessage() + ": " : "";
      return task
          + WorkFolder.reason(file)
          + ". What was finished is kept: mend it and give the same command again, without --fresh";
    }
    return "this is a fault of the program, not yours: " + thrown + trace(thrown);
  }

  /** Where the stack trace is. */
  private static String trace(Throwable thrown) {
    try {
      Path file = Files.createTempFile("fedlayers-", ".log");
      Files.writeString(file, ExceptionUtils.getStackTrace(thrown));
      return "\nThe stack trace is in " + file;
    } catch (IOException unwritable) {
      thrown.printStackTrace();
      return "";
    }
  }
}
