package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whatever ends a command is a line of words with a remedy, and no stack trace. */
class FailureReportTest {

  @Command(name = "failing")
  private static final class Failing implements Callable<Integer> {
    private final Throwable thrown;

    Failing(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public Integer call() throws Exception {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (Exception) thrown;
    }
  }

  static Stream<Arguments> mishaps() {
    IOException full = new FileSystemException("/mnt/x", null, "No space left on device");
    return Stream.of(
        Arguments.of(new OutOfMemoryError("Java heap space"), "FEDLAYERS_JVM=-Xmx"),
        Arguments.of(new NoClassDefFoundError("org/nd4j/Nd4j"), "a library cannot be loaded"),
        Arguments.of(new UnsatisfiedLinkError("no jnidnnl"), "make clean build"),
        Arguments.of(new ExceptionInInitializerError(new IOException("x")), "a library cannot"),
        Arguments.of(new IOException("No space left on device"), "No space left on device"),
        Arguments.of(new UncheckedIOException("cannot write x", full), "No space left on device"),
        Arguments.of(
            new UncheckedIOException("cannot write x", new AccessDeniedException("/srv/x")),
            "cannot write x: /srv/x: permission denied"),
        Arguments.of(new FileAlreadyExistsException("/a/b"), "/a/b: a file is there"),
        Arguments.of(new AssertionError("odd"), "a fault of the program"),
        Arguments.of(new IllegalStateException("odd"), "a fault of the program"),
        Arguments.of(new StackOverflowError(), "a fault of the program"));
  }

  @ParameterizedTest
  @MethodSource("mishaps")
  void isToldInWords(Throwable thrown, String words) throws IOException {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    line.addSubcommand(new Failing(thrown));
    line.getSubcommands().get("failing").setErr(line.getErr());
    assertThat(Main.execute(line, "failing")).isEqualTo(1);
    assertThat(err.toString()).contains(words).doesNotContain("\tat ");
    Matcher written = Pattern.compile("The stack trace is in (.+)").matcher(err.toString());
    if (written.find()) {
      Path file = Path.of(written.group(1));
      assertThat(file)
          .content()
          .contains(thrown.toString(), "\tat " + FailureReportTest.class.getName());
      Files.delete(file);
    }
  }
}
