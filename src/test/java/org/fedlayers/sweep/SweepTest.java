package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.commons.io.file.PathUtils;
import org.fedlayers.Folders;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.Problem;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.RunOptions.Start;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole experiments on a tiny model: results must not depend on how they came about. */
class SweepTest {
  static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 120, test: 60, augmentation: cifar}
        model: logistic
        federation: {clients: 3}
        training: {epochs: 1, batch: 10, rate: 0.05, momentum: 0.5, buffers: local}
        rounds: 4
        scoring: {averages: [cohort, all]}
        measure: {what: [divergence]}
        arms: [federated, central-large]
      grid:
        partition: [iid, {name: equal-dirichlet, concentration: 0.3}]
      seeds: [0, 1]
      """;

  /** Ends every cell in the middle of a task: nothing but its last checkpoint is left of it. */
  static final class Crash extends Error {}

  /** Runs so many tasks, then fails all others. */
  record Dying(Engine engine, AtomicInteger left) implements Engine {
    @Override
    public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
      engine.inOrder(
          problem,
          count,
          (Problem.Worker worker, int index) -> {
            if (left.getAndDecrement() <= 0) {
              throw new Crash();
            }
            return task.run(worker, index);
          },
          sink);
    }

    @Override
    public void release(Problem problem) {
      engine.release(problem);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** What an undisturbed run leaves: results and state. */
  @TempDir private static Path original;

  @TempDir private Path folder;
  private int runs;

  private static Experiment experiment(String yaml, List<Long> seeds) {
    return ExperimentReader.read(
        new Source("own", "tiny", "tiny.yaml", yaml), "quick", List.of(), seeds);
  }

  private RunOptions options(Path out, int workers, Start start) {
    return RunOptions.into(out)
        .on(folder, workers, Executor.AUTO)
        .checkpointing(Duration.ZERO)
        .from(start);
  }

  private Sweep.Outcome run(Path out, Start start, Long... seeds) {
    RunOptions options = options(out, 1, start);
    return new Sweep(experiment(YAML, List.of(seeds)), options, new SweepProgress() {}).run();
  }

  private Sweep.Outcome run(Path out, int workers, String yaml, IntFunction<Engine> engines) {
    runs = 0;
    SweepProgress counting =
        new SweepProgress() {
          @Override
          public synchronized void finished(Cell cell, double seconds) {
            runs++;
          }
        };
    return new Sweep(
            experiment(yaml, List.of()), options(out, workers, Start.STATE).on(engines), counting)
        .run();
  }

  private Map<String, String> expected;
  private Path reference;

  @BeforeAll
  static void runUndisturbed() {
    RunOptions options =
        RunOptions.into(original.resolve("reference"))
            .on(original, 1, Executor.AUTO)
            .checkpointing(Duration.ZERO);
    Sweep sweep = new Sweep(experiment(YAML, List.of()), options, new SweepProgress() {});
    assertThat(sweep.run().failed()).isEmpty();
  }

  @BeforeEach
  void copyResultsAndState() throws IOException {
    Folders.copy(original, folder);
    reference = folder.resolve("reference");
    expected = Folders.results(reference);
    assertThat(expected)
        .containsOnlyKeys(
            "quick/own/tiny/layers.csv",
            "quick/own/tiny/partition.csv",
            "quick/own/tiny/provenance.json",
            "quick/own/tiny/rounds.csv",
            "quick/own/tiny/summary.csv");
    assertThat(expected.get("quick/own/tiny/rounds.csv").lines()).hasSize(1 + 8 * 4 * 2);
    // One layer and the model, in four rounds of four federated cells.
    assertThat(expected.get("quick/own/tiny/layers.csv").lines())
        .hasSize(1 + 4 * 4 * 2)
        .anyMatch(row -> row.contains(",kernel,0,logits,"))
        .anyMatch(row -> row.contains(",model,-1,model,"));
  }

  @Test
  void theSummaryFollowsFromTheOtherFiles() throws IOException {
    Path summary = reference.resolve("quick/own/tiny/summary.csv");
    Files.writeString(summary, "outdated");
    Summary.refresh(reference, experiment(YAML, List.of()));
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  @Test
  void oneOrManyWorkersGiveTheSameBytes() throws IOException {
    Path out = folder.resolve("many");
    run(out, 3, YAML, ThreadEngine::new);
    assertThat(Folders.results(out)).isEqualTo(expected);
  }

  @Test
  void aCrashAtAnyInstantChangesNoByte() throws IOException {
    for (int tasks : new int[] {0, 1, 5, 9, 14, 33}) {
      Path out = folder.resolve("crash" + tasks);
      AtomicInteger left = new AtomicInteger(tasks);
      assertThat(run(out, 2, YAML, n -> new Dying(new ThreadEngine(n), left)).failed().values())
          .isNotEmpty()
          .allMatch(why -> why.startsWith(Crash.class.getName() + ", at org.fedlayers."));
      run(out, 2, YAML, ThreadEngine::new);
      assertThat(Folders.results(out)).as("after %d tasks", tasks).isEqualTo(expected);
    }
  }

  @Test
  void aCellGoesOnWhereItWas() throws IOException {
    Path out = folder.resolve("resumed");
    checkpointsOfACrash(out);
    assertThat(resumedAfter(out, YAML)).isBetween(1, 3);
    assertThat(Folders.results(out)).isEqualTo(expected);
  }

  /** The rounds after which the cell that was last begun goes on; 0 if none does. */
  private int resumedAfter(Path out, String yaml) {
    AtomicInteger resumedAfter = new AtomicInteger();
    SweepProgress listening =
        new SweepProgress() {
          @Override
          public void resumed(Cell cell, int done, int rounds) {
            resumedAfter.set(done);
          }
        };
    new Sweep(experiment(yaml, List.of()), options(out, 1, Start.STATE), listening).run();
    return resumedAfter.get();
  }

  /** Stopped in its first round, or with a checkpoint of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 12})
  void whatWasBegunGoesOnAfterARunWithOtherMeasurements(int tasks) throws IOException {
    Path out = folder.resolve("resumed");
    checkpointsOfACrash(out);
    String other = YAML.replace("[divergence]", "[divergence, gradients]");
    AtomicInteger left = new AtomicInteger(tasks);
    assertThat(run(out, 1, other, n -> new Dying(new ThreadEngine(n), left)).failed()).isNotEmpty();
    assertThat(resumedAfter(out, YAML)).isBetween(1, 3);
    assertThat(Folders.results(out)).isEqualTo(expected);
  }

  /** Else what took hours would be gone, without a word, for rows that it was to replace. */
  @Test
  void whatWasBegunAgainIsNotDroppedForRowsThatAreThere() throws IOException {
    Path state = folder.resolve("reference-state");
    PathUtils.delete(state);
    checkpointsOfACrash(reference);
    List<Path> begun =
        Folders.files(state).stream().filter(file -> file.endsWith("checkpoint")).toList();
    for (Start start : List.of(Start.RESULTS, Start.MODELS)) {
      assertThat(run(reference, start).ran()).isZero();
      assertThat(begun).isNotEmpty().allMatch(Files::exists);
    }
    assertThat(resumedAfter(reference, YAML)).isBetween(1, 3);
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  /** Rows of the rounds before the crash would lack what is measured after it. */
  @Test
  void aCheckpointWithoutWhatIsMeasuredNowIsOfNoUse() throws IOException {
    String measured =
        YAML.replace("[federated, central-large]", "[federated]").replace("[0, 1]", "[0]");
    String plain = measured.replace("  measure: {what: [divergence]}\n", "");
    Path undisturbed = folder.resolve("undisturbed");
    run(undisturbed, 1, measured, ThreadEngine::new);
    for (int tasks : new int[] {7, 12}) {
      Path out = folder.resolve("measured-after" + tasks);
      AtomicInteger left = new AtomicInteger(tasks);
      assertThat(run(out, 1, plain, n -> new Dying(new ThreadEngine(n), left)).failed())
          .isNotEmpty();
      run(out, 1, measured, ThreadEngine::new);
      assertThat(Folders.results(out))
          .as("after %d tasks", tasks)
          .isEqualTo(Folders.results(undisturbed));
    }
  }

  /** What a kill leaves between the finished file and the clearing, and in the middle of writes. */
  @Test
  void whatFinishedCellsNeededOnTheirWayGoesAtTheNextLook() throws IOException {
    Path state = reference.resolveSibling("reference-state").resolve("quick/own/tiny");
    for (Cell cell : experiment(YAML, List.of()).cells()) {
      for (String left : List.of("checkpoint", "memory/h-0.1", "checkpoint.part", "x.9.part")) {
        Path file = state.resolve(cell.id()).resolve(left);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[1000]);
      }
    }
    assertThat(run(reference, 1, YAML, ThreadEngine::new).ran()).isZero();
    assertThat(Folders.results(state).keySet())
        .hasSize(8)
        .allMatch(file -> file.matches(".*/finished"));
    assertThat(Folders.results(reference)).isEqualTo(expected);
    // The same where rows that others have run count as finished.
    Path cell = state.resolve(experiment(YAML, List.of()).cells().get(0).id());
    Files.move(cell.resolve("finished"), cell.resolve("checkpoint"));
    run(reference, Start.RESULTS);
    assertThat(cell).doesNotExist();
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  /** The format of old had no checksum: a changed digit would be published. */
  @Test
  void stateOfAnOlderVersionStartsAgain() throws IOException {
    Path state = reference.resolveSibling("reference-state").resolve("quick/own/tiny");
    String id = experiment(YAML, List.of()).cells().get(0).id();
    Path finished = state.resolve(id).resolve("finished");
    String content = Files.readString(finished).lines().skip(1).findFirst().orElseThrow();
    Files.writeString(
        state.resolve(id).resolve("finished.json"), content.replaceFirst(",0\\.", ",0.9"));
    Files.delete(finished);
    assertThat(run(reference, 1, YAML, ThreadEngine::new).ran()).isEqualTo(1);
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  /** A subset of the images, and then all of them: the configuration is the same. */
  @Test
  void rowsAndStateOfOtherImagesAreNotFinished() throws IOException {
    Path state = reference.resolveSibling("reference-state").resolve("quick/own/tiny");
    List<Cell> cells = experiment(YAML, List.of()).cells();
    for (Cell cell : cells) {
      FinishedCell done = FinishedCell.read(state.resolve(cell.id()), cell);
      Map<String, Object> other = new TreeMap<>(done.data());
      other.put("sha256", "of a subset");
      CellTables rows = done.tables().copy();
      rows.all().values().forEach(table -> table.replaceAll(SweepTest::changed));
      new FinishedCell(cell.id(), rows, done.environment(), other, done.timing())
          .write(state.resolve(cell.id()));
    }
    for (String file : List.of("provenance.json", "rounds.csv")) {
      Path published = reference.resolve("quick/own/tiny").resolve(file);
      Files.writeString(
          published,
          Files.readString(published)
              .replaceAll("\"sha256\" : \"\\w+\"", "\"sha256\" : \"of a subset\"")
              .replace(",0.", ",9."));
    }
    List<String> said = new ArrayList<>();
    SweepProgress listening =
        new SweepProgress() {
          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    new Sweep(experiment(YAML, List.of()), options(reference, 1, Start.RESULTS), listening).run();
    assertThat(said)
        .anyMatch(
            line -> line.equals("cells that are run again, since their images were others: 8"))
        .filteredOn(line -> line.contains("other rows of cell"))
        .hasSize(8);
    assertThat(Folders.results(reference)).isEqualTo(expected);
    CellStore.delete(state);
    assertThat(run(reference, Start.RESULTS).ran()).isZero();
  }

  private static List<Object> changed(List<Object> row) {
    List<Object> changed = new ArrayList<>(row);
    changed.replaceAll(
        value -> value instanceof Double number ? Double.valueOf(number + 9) : value);
    return changed;
  }

  /** Such a cell's bytes are not to be had again, so its provenance must not promise them. */
  @Test
  void aCellThatMovedToAnotherMachineSaysSo() throws IOException {
    Path out = folder.resolve("moved");
    for (Path file : checkpointsOfACrash(out)) {
      String owner = owner(file.getParent().getParent().getFileName().toString());
      Checkpoint here = Checkpoint.read(file, owner);
      Map<String, String> elsewhere = new TreeMap<>(here.computedOn());
      elsewhere.put("instructions", "AVX-1024");
      new Checkpoint(here.state(), here.memory(), here.tables(), here.seconds(), elsewhere)
          .write(file, owner);
    }
    run(out, 1, YAML, ThreadEngine::new);
    String here = Environment.decisive(Environment.here(Executor.AUTO)).get("instructions");
    assertThat(out.resolve("quick/own/tiny/provenance.json"))
        .content()
        .contains("\"instructions\" : \"AVX-1024, then " + here + "\"")
        .contains("\"instructions\" : \"" + here + "\"");
  }

  private String owner(String id) {
    Cell cell =
        experiment(YAML, List.of()).cells().stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .orElseThrow();
    CellBuilder builder = new CellBuilder(new DataCache(folder), Executor.AUTO);
    return Checkpoint.owner(cell, builder.cache().of(cell.configuration()).sha256());
  }

  private List<Path> checkpointsOfACrash(Path out) throws IOException {
    AtomicInteger tasks = new AtomicInteger(12);
    assertThat(run(out, 1, YAML, n -> new Dying(new ThreadEngine(n), tasks)).failed()).isNotEmpty();
    List<Path> checkpoints =
        Folders.files(out.resolveSibling(out.getFileName() + "-state")).stream()
            .filter(file -> file.endsWith("checkpoint"))
            .toList();
    assertThat(checkpoints).isNotEmpty();
    return checkpoints;
  }

  @Test
  void finishedCellsAreNotRunAgainUnlessAskedFor() throws IOException {
    assertThat(run(reference, 1, YAML, ThreadEngine::new).ran()).isZero();
    assertThat(runs).isZero();
    assertThat(Folders.results(reference)).isEqualTo(expected);
    assertThat(run(reference, Start.NOTHING).ran()).isEqualTo(8);
  }

  /**
   * Only when nothing can stop it any more is what was done forgotten, also what has no rows now.
   */
  @Test
  void aFreshStartForgetsNothingBeforeItBegins() throws IOException {
    Path state = reference.resolveSibling("reference-state");
    List<Path> before = Folders.files(state);
    Source impossible =
        new Source("own", "other", "", YAML.replace("{train", "{set: cifar-10, train"));
    List<Experiment> both =
        List.of(
            experiment(YAML, List.of()),
            ExperimentReader.read(impossible, "quick", List.of(), List.of()));
    RunOptions options = options(reference, 1, Start.NOTHING);
    assertThatThrownBy(() -> Sweep.run(both, options, new SweepProgress() {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cifar-10");
    assertThat(Folders.files(state)).isEqualTo(before).isNotEmpty();
    Path layers = reference.resolve("quick/own/tiny/layers.csv");
    String unmeasured = YAML.replaceFirst("(?m)^ *measure:.*\\n", "");
    assertThat(unmeasured).isNotEqualTo(YAML);
    assertThat(layers).exists();
    Sweep again = new Sweep(experiment(unmeasured, List.of()), options, new SweepProgress() {});
    assertThat(again.run().failed()).isEmpty();
    assertThat(layers).as("rows of cells that were replaced").doesNotExist();
  }

  @Test
  void rowsOfOthersCountWhenKeptAndAreNeverLost() throws IOException {
    CellStore.delete(reference.resolveSibling("reference-state"));
    Sweep.Outcome kept = run(reference, Start.RESULTS);
    assertThat(kept.ran()).isZero();
    assertThat(Folders.results(reference)).isEqualTo(expected);
    // A run of one seed leaves the other's rows where they are.
    Sweep.Outcome again = run(reference, Start.STATE, 1L);
    assertThat(again.ran()).isEqualTo(4);
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  @Test
  void askingForAMeasurementRunsTheCellsThatLackIt() throws IOException {
    Path out = folder.resolve("measured");
    String plain = YAML.replace("  measure: {what: [divergence]}\n", "");
    assertThat(run(out, 1, plain, ThreadEngine::new).ran()).isEqualTo(8);
    assertThat(Folders.results(out).get("quick/own/tiny/rounds.csv"))
        .isEqualTo(expected.get("quick/own/tiny/rounds.csv"));
    assertThat(run(out, 1, YAML, ThreadEngine::new).ran()).isEqualTo(4);
    assertThat(Folders.results(out)).isEqualTo(expected);
  }

  @Test
  void whatIsFinishedIsPublishedBeforeTheRestIsRun() throws IOException {
    CellStore.delete(reference);
    String more = YAML.replace("seeds: [0, 1]", "seeds: [0, 1, 2]");
    assertThat(
            run(
                    reference,
                    1,
                    more,
                    threads -> new Dying(new ThreadEngine(threads), new AtomicInteger(0)))
                .failed())
        .hasSize(4);
    assertThat(Folders.results(reference)).isEqualTo(expected);
  }

  @Test
  void clientsFeaturesAreAMeasurementOfTheirOwn() throws IOException {
    String more = YAML.replace("[divergence]", "[divergence, cka], features: 20");
    String plain = YAML.replace("[divergence]", "[divergence], features: 20");
    Path out = folder.resolve("features");
    assertThat(run(out, 1, plain, ThreadEngine::new).ran()).isEqualTo(8);
    assertThat(run(out, 1, more, ThreadEngine::new).ran()).isEqualTo(4);
    assertThat(run(out, 1, more, ThreadEngine::new).ran()).isZero();
    assertThat(Folders.results(out).get("quick/own/tiny/layers.csv")).contains(",drawn test 20,");
  }

  @Test
  void aRunThatDivergesIsAResult() throws IOException {
    Path out = folder.resolve("diverging");
    String yaml = YAML.replace("rate: 0.05", "rate: 9e5, weight-decay: 9e5");
    assertThat(run(out, 2, yaml, ThreadEngine::new).failed()).isEmpty();
    assertThat(runs).isEqualTo(8);
    assertThat(Folders.results(out).get("quick/own/tiny/rounds.csv").lines().skip(1))
        .hasSizeGreaterThanOrEqualTo(8)
        .anyMatch(line -> line.contains(",,,,0,diverged,"));
    assertThat(Folders.results(out).get("quick/own/tiny/summary.csv").lines().skip(1))
        .allMatch(line -> line.split(",")[4].equals("2"));
  }

  @Test
  void dataThatCannotBeDealtAreRefusedBeforeAnyWork() {
    String yaml = YAML.replace("clients: 3", "clients: 121");
    assertThatThrownBy(() -> run(folder.resolve("none"), 1, yaml, ThreadEngine::new))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("121");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void twoRunsCannotShareAState() throws IOException {
    Path state = reference.resolveSibling("reference-state").resolve("quick/own/tiny");
    try (WorkFolder held = WorkFolder.take(state, "state")) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> run(reference, 1, YAML, ThreadEngine::new))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another process or run holds the lock");
    }
  }

  /** A method that no library has. */
  private record Aside() implements Method {}

  @Test
  void aMethodRegisteredAtRunTimeIsMarkedInTheProvenance() throws IOException {
    Methods.register("aside", "none", Aside.class);
    Path out = folder.resolve("aside");
    String yaml = YAML.replace("model: logistic", "model: logistic\n  method: aside");
    assertThat(run(out, 1, yaml, ThreadEngine::new).failed()).isEmpty();
    String provenance = "quick/own/tiny/provenance.json";
    assertThat(Folders.results(out).get(provenance)).contains("\"verifiable\" : false");
    assertThat(expected.get(provenance)).doesNotContain("verifiable");
  }
}
