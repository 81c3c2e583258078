package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.sweep.LogProgress;
import org.fedlayers.sweep.RunOptions;
import org.fedlayers.sweep.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads while experiments run and when they have ended. */
class RunReportTest {
  @TempDir private Path folder;

  private Experiment experiment(String name, String... overrides) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            settings:
              data: {train: 100, test: 50}
              model: logistic
              federation: {clients: 5}
              training: {epochs: 1}
              rounds: 3
            claims: [D1]
            seeds: [0, 1]
            """);
    Source source = Catalogue.find(file.toString()).get(0);
    return ExperimentReader.read(source, "quick", List.of(overrides), List.of());
  }

  private String run(boolean terminal, Experiment... experiments) {
    var bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    RunOptions options = RunOptions.into(folder.resolve("out")).on(folder, 2, Executor.AUTO);
    LogProgress progress = new LogProgress(out, terminal, 2, Executor.AUTO);
    Map<Experiment, Sweep.Outcome> outcomes = Sweep.run(List.of(experiments), options, progress);
    out.print(RunReport.of(outcomes, options.out()));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTableTellsWhatWasFoundAndWhere() throws IOException {
    String said =
        run(false, experiment("one"), experiment("two"), experiment("wild", "training.rate=9e5"));
    assertThat(said)
        .contains("3 experiments at quick scale: 6 cells")
        .contains("own/one finished; 1 of 3 experiments, about")
        .contains("Results in " + folder.resolve("out/quick"))
        .containsPattern("Folder +Cells +")
        .containsPattern("own/one +2 +\\d+\\.\\d to \\d+\\.\\d +D1");
    assertThat(said.split(folder.toString(), -1)).hasSizeLessThan(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linesFitEightyColumns(boolean terminal) throws IOException {
    String said = run(terminal, experiment("one"), experiment("two"));
    assertThat(said.split("[\r\n]+"))
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
  }

  @Test
  void aTerminalHasABarThatTellsHowMuchIsLeft() throws IOException {
    var bytes = new ByteArrayOutputStream();
    LogProgress progress = new LogProgress(new PrintStream(bytes), true, 2, Executor.PLAN);
    for (Experiment one : List.of(experiment("one"), experiment("two"))) {
      progress.planned(one, Map.of(one.cells().get(0), 10.0));
      progress.began(one);
    }
    progress.close(); // which draws it
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .containsPattern("own/(one|two) \\[[= ]+\\] \\d of 2 experiments, about \\d+ s left");
  }

  @ParameterizedTest
  @CsvSource({"PLAN, true", "CUDA, false"})
  void howLongItTakesIsSaidBeforehandOfCoresOnly(Executor executor, boolean said)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    Experiment one = experiment("one");
    Cell cell = one.cells().get(0);
    LogProgress progress = new LogProgress(new PrintStream(bytes), false, 2, executor);
    progress.planned(one, Map.of(cell, 1e5));
    progress.began(one);
    progress.advanced(cell, 1, 1000);
    progress.close();
    String line = bytes.toString(StandardCharsets.UTF_8);
    assertThat(line).contains("own/one at quick scale: 2 cells");
    assertThat(line.contains("about")).isEqualTo(said);
  }

  @Test
  void aSecondRunSaysThatAllIsFinished() throws IOException {
    run(false, experiment("one"));
    assertThat(run(false, experiment("one")))
        .contains("2 cells, 2 of them finished before")
        .containsPattern("own/one +2 ");
  }

  @Test
  void aRunOfOtherSettingsIsSaidToBeNoEvidence() {
    Experiment other =
        ExperimentReader.read(
            Catalogue.find("man/methods").get(0), "laptop", List.of("rounds=2"), List.of(0L));
    Sweep.Outcome outcome = new Sweep.Outcome(0, Map.of(), Map.of(), Map.of());
    assertThat(RunReport.of(Map.of(other, outcome), folder))
        .contains("deviates from the registered experiment and is no evidence")
        .contains("rounds=2")
        .doesNotContain("Claims not run");
  }
}
