package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.Folders;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Deviation;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.sweep.RunOptions;
import org.fedlayers.sweep.Summary;
import org.fedlayers.sweep.Sweep;
import org.fedlayers.sweep.SweepProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of other settings than the registered ones say so, and decide nothing. */
class DeviationTest {
  @TempDir private Path folder;

  private static Experiment methods(String... overrides) {
    return ExperimentReader.read(
        Catalogue.find("man/methods").get(0), "laptop", List.of(overrides), List.of(0L));
  }

  @Test
  void whatDeviatesIsInEveryFileAndNoEvidence() throws IOException {
    Experiment other =
        methods(
            "data={set: drawn, train: 60, test: 20, augmentation: none}",
            "model.name=logistic",
            "federation={clients: 3, participation: 1}",
            "training.batch=10",
            "training.man=0",
            "method=fedavg",
            "partition=iid",
            "measure=none",
            "rounds=2");
    RunOptions options = RunOptions.into(folder.resolve("out")).on(folder, 1, Executor.AUTO);
    assertThat(new Sweep(other, options, new SweepProgress() {}).run().failed()).isEmpty();

    List<Path> tables =
        Folders.files(folder.resolve("out")).stream()
            .filter(file -> file.toString().endsWith(".csv"))
            .toList();
    assertThat(tables).hasSize(3);
    for (Path table : tables) {
      List<String> lines = Files.readAllLines(table);
      assertThat(lines.get(0)).endsWith(",deviates");
      assertThat(lines).allMatch(line -> line.equals(lines.get(0)) || line.contains("rounds=2"));
    }
    assertThat(folder.resolve("out/laptop/man/methods/provenance.json"))
        .content()
        .contains("\"deviates\" : \"data.augmentation=")
        .contains("model.name=logistic");

    ClaimsTable verdicts = ClaimsTable.of(folder.resolve("out"));
    assertThat(verdicts.entries())
        .allMatch(entry -> entry.scale().isEmpty())
        .filteredOn(entry -> entry.claim().id().equals("M1a"))
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(entry.judgement().words())
                    .contains("man/methods at laptop scale deviates"));
  }

  /** Figures are drawn from the summary of all cells, whoever asks for them. */
  @Test
  void aSummaryKeepsTheRowsOfCellsThatTheExperimentDoesNotHave() throws IOException {
    String[] small = {
      "data={set: drawn, train: 60, test: 20, augmentation: none}",
      "model={name: mlp-2, width: 0.05}",
      "federation={clients: 3, participation: 1}",
      "training.batch=10",
      "method=fedavg",
      "partition=iid",
      "measure=none",
      "rounds=1"
    };
    Experiment both = methods(small);
    RunOptions options = RunOptions.into(folder.resolve("out")).on(folder, 1, Executor.AUTO);
    assertThat(new Sweep(both, options, new SweepProgress() {}).run().failed()).isEmpty();
    Path summary = folder.resolve("out/laptop/man/methods/summary.csv");
    String before = Files.readString(summary);
    Experiment one =
        methods(
            Stream.concat(Stream.of(small), Stream.of("training.man=0")).toArray(String[]::new));
    assertThat(one.cells()).hasSizeLessThan(both.cells().size());
    Summary.refresh(folder.resolve("out"), one);
    assertThat(summary).hasContent(before);
  }

  @Test
  void settingsAreNamedCellByCell() {
    assertThat(Deviation.of(methods()).byGroup()).isEmpty();
    assertThat(Deviation.of(methods("training.rate=0.2")).words()).isEqualTo("training.rate=0.2");
    Deviation oneValueMore = Deviation.of(methods("training.man=[0, 0.15, 0.3]"));
    assertThat(oneValueMore.words()).isEqualTo("training.man=0.3");
    Experiment usual =
        ExperimentReader.read(
            Catalogue.find("man/methods").get(0),
            "paper",
            List.of("method=fedasam", "training.rate=0.2"),
            List.of(0L));
    assertThat(Deviation.of(usual).words())
        .as("rho is the method's own default, not another's")
        .isEqualTo("training.rate=0.2");
    assertThat(Deviation.of(methods("measure=none")).byGroup())
        .as("what else is measured changes no number")
        .isEmpty();
  }
}
