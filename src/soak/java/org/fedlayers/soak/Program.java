package org.fedlayers.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.cli.Main;
import picocli.CommandLine;

/** The command line, as a process of its own that can be killed or within this one. */
final class Program {
  /** No checkout: what a command writes by default lands here, and no commit is recorded. */
  private static final Path HOME = home();

  private Program() {}

  private static Path home() {
    try {
      Path home = Files.createTempDirectory("soak");
      home.toFile().deleteOnExit();
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder", e);
    }
  }

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param text what it wrote, errors included
   */
  record Ended(int code, String text) {

    /** Whatever a user gives it, a command ends with words. */
    Ended inWords() {
      assertThat(code).as(text).isIn(0, 1, 2, 3);
      assertThat(text).doesNotContain("fault of the program", "\tat ");
      assertThat(text).doesNotContainPattern("[\\p{Cntrl}&&[^\\n\\r\\t]]");
      return this;
    }
  }

  /** Runs a command within this process, with what it writes to the console too. */
  static synchronized Ended run(List<String> arguments) {
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    PrintStream before = System.out;
    String home = System.setProperty("fedlayers.home", HOME.toString());
    System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
    try {
      StringWriter text = new StringWriter();
      int code = execute(arguments, new PrintWriter(text, true));
      return new Ended(code, console.toString(StandardCharsets.UTF_8) + text);
    } finally {
      System.setOut(before);
      if (home == null) {
        System.clearProperty("fedlayers.home");
      } else {
        System.setProperty("fedlayers.home", home);
      }
    }
  }

  private static int execute(List<String> arguments, PrintWriter out) {
    CommandLine line = Main.commandLine();
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    stream(line).forEach(command -> command.setOut(out).setErr(out));
    return line.execute(arguments.toArray(String[]::new));
  }

  private static Stream<CommandLine> stream(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(Program::stream));
  }

  /** Starts a command as a process that writes into a file. */
  static Process start(Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dfedlayers.home=" + HOME);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Fails with the first line that differs, not with two whole folders. */
  static void requireEqual(Map<String, String> expected, Map<String, String> found) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (file, text) -> {
          List<String> lines = text.lines().toList();
          List<String> others = found.get(file).lines().toList();
          for (int i = 0; i < Math.min(lines.size(), others.size()); i++) {
            assertThat(others.get(i)).as("%s:%d", file, i + 1).isEqualTo(lines.get(i));
          }
          assertThat(others).as(file).hasSameSizeAs(lines);
        });
  }
}
