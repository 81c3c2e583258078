package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Csv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One results folder, several runs: one of them writes, the others are told so, no row is lost. */
class WorkFolderTest {
  private static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 40, test: 20}
        model: logistic
        federation: {clients: 2}
        training: {epochs: 1, batch: 10, rate: 0.05}
        rounds: 2
      seeds: [0]
      """;

  private static final String ROUNDS = "quick/own/tiny/rounds.csv";

  @TempDir private Path folder;
  private Process other;

  @AfterEach
  void endOtherRun() throws InterruptedException {
    if (other != null) {
      other.destroyForcibly().waitFor();
    }
  }

  private static Experiment experiment(String yaml, Long... seeds) {
    return ExperimentReader.read(
        new Source("own", "tiny", "tiny.yaml", yaml), "quick", List.of(), List.of(seeds));
  }

  /** What is said of a run in a state of its own. */
  private List<String> run(Experiment experiment, Path out, String state) {
    return run(experiment, out, state, () -> {});
  }

  private List<String> run(Experiment experiment, Path out, String state, Runnable afterARound) {
    List<String> said = new ArrayList<>();
    SweepProgress progress =
        new SweepProgress() {
          @Override
          public void advanced(Cell cell, int done, int rounds) {
            afterARound.run();
          }

          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    RunOptions options =
        RunOptions.into(out)
            .withState(folder.resolve(state))
            .on(folder, 1, Executor.AUTO)
            .checkpointing(Duration.ofDays(1));
    assertThat(new Sweep(experiment, options, progress).run().failed()).isEmpty();
    return said;
  }

  /** Another process, until it is at work. */
  private void startOther(Path out, String yaml) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve("other"));
    Path log = own.resolve("log");
    other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.fedlayers.cli.Main",
                "run",
                Files.writeString(own.resolve("tiny.yaml"), yaml).toString(),
                "--out",
                out.toString(),
                "--state",
                own.resolve("state").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (!Files.exists(out.resolve("quick/own/tiny/.results.lock"))) {
      assertThat(other.isAlive()).as(() -> "the other run, which says " + log).isTrue();
      Thread.sleep(50);
    }
  }

  @Test
  void runsOfOtherStatesFilesAndPathsAreRefusedWhileOneIsAtIt() throws Exception {
    Path out = folder.resolve("out");
    run(experiment(YAML, 7L), out, "before");
    List<String> before = Files.readAllLines(out.resolve(ROUNDS));
    Path link = Files.createSymbolicLink(folder.resolve("link"), out);
    startOther(out, YAML.replace("rounds: 2", "rounds: 1000000"));
    for (Path path : List.of(out, link, folder.resolve("nowhere/../out"))) {
      for (String yaml : List.of(YAML, YAML.replace("rounds: 2", "rounds: 3"))) {
        assertThatThrownBy(() -> run(experiment(yaml), path, "mine"))
            .isInstanceOf(UserError.class)
            .hasMessageContainingAll("results in " + path, "another process or run holds the lock");
      }
    }
    assertThat(Files.readAllLines(out.resolve(ROUNDS))).isEqualTo(before);

    other.destroyForcibly().waitFor();
    run(experiment(YAML), link, "mine");
    assertThat(Files.readAllLines(out.resolve(ROUNDS))).containsAll(before).hasSize(5);
    try (Stream<Path> files = Files.list(out.resolve("quick/own/tiny"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("lock"));
    }
  }

  @Test
  void rowsThatCameInTheMeantimeStay() throws IOException {
    Path out = folder.resolve("out");
    Path others = folder.resolve("others");
    run(experiment(YAML, 1L), others, "others-state");
    Runnable arrive =
        () -> {
          try (Stream<Path> files = Files.list(others.resolve("quick/own/tiny"))) {
            for (Path file : files.toList()) {
              Path there = out.resolve(others.relativize(file));
              Files.createDirectories(there.getParent());
              Files.copy(file, there, StandardCopyOption.REPLACE_EXISTING);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    assertThat(run(experiment(YAML), out, "state", arrive))
        .noneMatch(line -> line.contains("rows"));
    assertThat(Files.readAllLines(out.resolve(ROUNDS))).hasSize(1 + 2 * 2);
  }

  @Test
  void rowsThatAreReplacedOrDroppedAreSaid() throws IOException {
    Path out = folder.resolve("out");
    run(experiment(YAML), out, "state");
    Path rounds = out.resolve(ROUNDS);
    String whole = Files.readString(rounds);
    String cell = Csv.fields(whole.lines().toList().get(1)).get(0);
    assertThat(run(experiment(YAML), out, "state")).noneMatch(line -> line.contains("rows"));
    Files.writeString(rounds, whole.replaceFirst(",0\\.", ",0.9"));
    assertThat(run(experiment(YAML), out, "state"))
        .filteredOn(line -> line.contains("rows"))
        .singleElement()
        .asString()
        .contains("other rows of cell " + cell + " are replaced");
    assertThat(rounds).hasContent(whole);
    Experiment longer = experiment(YAML.replace("rounds: 2", "rounds: 3"));
    assertThatThrownBy(() -> run(longer, out, "other"))
        .as("nothing but these files has the cell")
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds 1 cells that own/tiny does not have")
        .hasMessageContaining("--out");
    assertThat(rounds).hasContent(whole);
    assertThat(run(longer, out, "state"))
        .filteredOn(line -> line.contains("rows"))
        .singleElement()
        .asString()
        .contains("rows are dropped of cells that own/tiny does not have: 1");
  }

  @Test
  void leavesNoFolderThatWasNotThere() throws IOException {
    Path there = Files.createDirectories(folder.resolve("there"));
    try (WorkFolder taken = WorkFolder.take(there.resolve("new/newer"), "state")) {
      assertThat(taken).isNotNull();
      assertThat(WorkFolder.takeIfFree(there.resolve("new/newer"), "state")).isNull();
      assertThatThrownBy(() -> WorkFolder.take(there.resolve("new/newer"), "state"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another process or run holds the lock");
    }
    assertThat(there).isEmptyDirectory();
    WorkFolder.take(there, "state").close();
    assertThat(there).isEmptyDirectory();
  }
}
