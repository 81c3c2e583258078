package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fedlayers.Folders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as a process of its own: signals, exit status, and machines in a bad way. */
class InterruptionTest {
  private static final String YAML =
      """
      title: Long enough to be interrupted
      settings:
        data: {train: 200, test: 50}
        model: logistic
        federation: {clients: 4}
        training: {epochs: 1, batch: 10, momentum: 0.9, buffers: local}
        rounds: 1200
        scoring: {every: 100}
      seeds: [0, 1]
      """;

  private static final Pattern IGNORED = Pattern.compile("SigIgn:\\s*([0-9a-f]+)");

  @TempDir private Path folder;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("long.yaml"), YAML);
  }

  private Process start(List<String> jvm, String... arguments) throws IOException {
    return start(Main.class, jvm, arguments);
  }

  private Process start(Class<?> main, List<String> jvm, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(folder.resolve("err.txt").toFile())
        .start();
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running after three minutes");
    }
    return new Ended(
        process.exitValue(),
        Files.readString(folder.resolve("out.txt")),
        Files.readString(folder.resolve("err.txt")));
  }

  private Process run(String out, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("run", folder.resolve("long.yaml").toString(), "--workers", "2", "--out"));
    arguments.add(folder.resolve(out).toString());
    arguments.addAll(List.of(more));
    return start(List.of(), arguments.toArray(String[]::new));
  }

  /** A build in the background of a shell ignores interrupts, and so does all that it starts. */
  private static void signal(Process process, String name) throws Exception {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (name.equals("INT") && Files.isReadable(status)) {
      Matcher ignored = IGNORED.matcher(Files.readString(status));
      boolean ignores = ignored.find() && (Long.parseUnsignedLong(ignored.group(1), 16) & 2) != 0;
      if (ignores) {
        process.destroyForcibly().waitFor();
      }
      assumeFalse(ignores, "interrupts are ignored here");
    }
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  private static void until(Process process, BooleanSupplier condition) throws Exception {
    while (process.isAlive() && !condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  private List<Path> checkpoints(String out) {
    Path state = folder.resolve(out + "-state");
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try {
      return Folders.files(state).stream().filter(file -> file.endsWith("checkpoint")).toList();
    } catch (UncheckedIOException e) {
      return List.of(); // a file went while the folder was being listed
    }
  }

  private static Map<Path, String> contents(List<Path> files) throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files) {
      contents.put(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }
    return contents;
  }

  private Map<String, String> results(String out) throws IOException {
    return Folders.results(folder.resolve(out));
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void anInterruptKeepsEveryFinishedRoundAndTheSameCommandGoesOn(String signal, int status)
      throws Exception {
    assertThat(end(run("whole")).status()).isZero();
    Process process = run("cut", "--checkpoint", "1");
    until(process, () -> checkpoints("cut").size() == 2);
    Map<Path, String> before = contents(checkpoints("cut"));
    signal(process, signal);
    signal(process, signal); // as timeout(1) does, to the process and to its group
    Ended stopped = end(process);
    assertThat(stopped.status()).isEqualTo(status);
    assertThat(stopped.err())
        .contains("finished rounds", "the same command goes on")
        .doesNotContain("Exception", "\tat ");
    // Each cell has completed rounds since its last checkpoint of its own accord.
    Map<Path, String> kept = contents(checkpoints("cut"));
    assertThat(kept.keySet()).isEqualTo(before.keySet());
    assertThat(kept.values()).doesNotContainAnyElementsOf(before.values());
    Ended resumed = end(run("cut"));
    assertThat(resumed.out()).contains("goes on after round").containsPattern("own/long +2 ");
    assertThat(resumed.status()).isZero();
    assertThat(results("cut")).isEqualTo(results("whole")).containsKey("quick/own/long/rounds.csv");
  }

  /** Takes its time to keep what it has. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] arguments) throws InterruptedException {
      Interruption.listen();
      Interruption.keepingWith(() -> true);
      System.out.println("listening");
      Thread.sleep(TimeUnit.MINUTES.toMillis(5));
    }
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    Process process = start(Slow.class, List.of());
    until(process, () -> said("out.txt").contains("listening"));
    signal(process, "INT");
    until(process, () -> said("err.txt").contains("again to end at once"));
    Thread.sleep(400); // as one signal count those within 300 ms
    signal(process, "TERM");
    assertThat(end(process).status()).isEqualTo(143);
  }

  private String said(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> verifying(Path temporary) {
    return Stream.of(temporary.toFile().list())
        .filter(name -> name.startsWith("fedlayers-verify"))
        .toList();
  }

  @Test
  void otherCommandsEndWithALineAndLeaveNothing() throws Exception {
    assertThat(end(run("whole")).status()).isZero();
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Process process =
        start(
            List.of("-Djava.io.tmpdir=" + temporary),
            "verify",
            folder.resolve("whole/quick/own/long").toString());
    until(process, () -> !verifying(temporary).isEmpty());
    signal(process, "INT");
    Ended ended = end(process);
    assertThat(ended.status()).isEqualTo(130);
    assertThat(ended.err()).contains("stopp").doesNotContain("Exception", "\tat ");
    assertThat(verifying(temporary)).isEmpty();
  }

  @Test
  void listsReachTheReader() throws Exception {
    Ended ended = end(start(List.of(), "list", "methods"));
    assertThat(ended.out()).contains("scaffold").endsWith("\n");
  }

  @Test
  void aFullHeapIsToldInWords() throws Exception {
    String yaml = folder.resolve("long.yaml").toString();
    String out = folder.resolve("out").toString();
    Process process = start(List.of("-Xmx24m"), "run", yaml, "--out", out);
    Ended ended = end(process);
    assertThat(ended.err()).contains("memory", "-Xmx").doesNotContain("\tat ");
    assertThat(ended.status()).isEqualTo(1);
  }
}
