package org.fedlayers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone master with two workers, in processes of their own on loopback, as a user starts
 * them. One worker is killed in the middle of a round, then the driver.
 */
@Timeout(1200)
class StandaloneTest {
  private static final String YAML =
      """
      title: Standalone
      settings:
        data: {train: 600, test: 300, augmentation: cifar}
        model: {name: resnet-8, normaliser: fedbn}
        federation: {clients: 6}
        training: {epochs: 6, batch: 10, rate: 0.05, momentum: 0.5, buffers: local}
        rounds: 5
        scoring: {averages: [cohort, all]}
      seeds: [0]
      """;

  private static final Path HOME = Path.of("").toAbsolutePath();

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killAll() {
    started.forEach(StandaloneTest::kill);
  }

  /** At once, as when the machine fails. */
  private static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private Process start(String name, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("SPARK_WORKER_DIR", folder.resolve("work").toString());
    builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private Process spark(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(HOME + "/environment/spark"));
    command.addAll(List.of(arguments));
    return start(name, command.toArray(String[]::new));
  }

  private Process worker(String name, String master) throws IOException {
    return spark(
        name,
        "worker",
        master,
        "--host",
        "127.0.0.1",
        "--cores",
        "1",
        "--memory",
        "4g",
        "--webui-port",
        "0");
  }

  private Process run(String name, String out, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("standalone.yaml"), YAML);
    List<String> command = new ArrayList<>(List.of(HOME + "/environment/fedlayers", "run"));
    command.addAll(List.of(file.toString(), "--checkpoint", "0"));
    command.addAll(List.of("--out", folder.resolve(out).toString()));
    command.addAll(List.of(more));
    return start(name, command.toArray(String[]::new));
  }

  private Matcher await(String name, String pattern) throws IOException, InterruptedException {
    Pattern wanted = Pattern.compile(pattern);
    for (int tenths = 0; tenths < 6000; tenths++) {
      Matcher found = wanted.matcher(Files.exists(log(name)) ? Files.readString(log(name)) : "");
      if (found.find()) {
        return found;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(name + " never said " + pattern + ":\n" + Files.readString(log(name)));
  }

  private void requireSuccess(String name, Process process)
      throws IOException, InterruptedException {
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log(name))).isZero();
  }

  private Map<String, String> tables(String out) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve(out))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".csv")).toList()) {
        files.put(folder.resolve(out).relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void theBytesOutliveAWorkerAndThenTheDriver() throws IOException, InterruptedException {
    spark("master", "master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
    String master = await("master", "spark://127\\.0\\.0\\.1:\\d+").group();
    Process first = worker("first", master);
    worker("second", master);
    await("first", "Successfully registered with master");
    await("second", "Successfully registered with master");

    Process driver = run("driver", "spark", "--engine", "spark", "--master", master);
    await("driver", "round 1 on Spark: 6 clients");
    Thread.sleep(1000);
    assertThat(Files.readString(log("driver"))).doesNotContain("round 2 on Spark");
    kill(first);
    await("driver", "Lost executor");
    await("driver", "round 3 on Spark: 6 clients");
    Thread.sleep(1000);
    assertThat(Files.readString(log("driver"))).doesNotContain("round 4 on Spark");
    kill(driver);

    Process again = run("again", "spark", "--engine", "spark", "--master", master);
    requireSuccess("again", again);
    assertThat(Files.readString(log("again")))
        .contains("round 5 on Spark")
        .doesNotContain("round 2 on Spark");
    requireSuccess("threads", run("threads", "threads"));
    assertThat(tables("threads")).isNotEmpty();
    assertThat(tables("spark")).isEqualTo(tables("threads"));
  }
}
