package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work is refused before anything is run, once, with the place and a remedy. */
class KnownBeforeTest {
  private static final String YAML =
      """
      settings:
        data: {train: 210, test: 50}
        model: logistic
        federation: {clients: 10}
        training: {epochs: 1, batch: 10}
        rounds: 2
      """;

  @TempDir private Path folder;

  private static Experiment read(String name, String yaml, String... overrides) {
    return ExperimentReader.read(
        new Source("own", name, name + ".yaml", yaml), "quick", List.of(overrides), List.of());
  }

  private RunOptions options(Path out, Path state) {
    return RunOptions.into(out).withState(state).on(folder, 2, Executor.AUTO);
  }

  private Map<Experiment, Sweep.Outcome> run(Experiment... experiments) {
    return Sweep.run(
        List.of(experiments),
        options(folder.resolve("out"), folder.resolve("state")),
        new SweepProgress() {});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.epochs=2147483647 training.batch=1 | --set training.epochs: training.epochs is",
        "model=resnet-8 model.normaliser=fixbn statistics.switch-round=50 | nothing would be frozen",
        "model=resnet-8 model.normaliser=fixbn statistics.switch=0.95 | nothing would be frozen",
        "model=resnet-8 model.normaliser=fixbn rounds=1 | statistics.switch is 0.5, but there are only 1 rounds",
        "training.decay=0.1 training.decay-at=[0.5,0.95] | training.decay-at is 0.95, but",
        "model=resnet-8 measure.what=[statistics] model.normaliser=hbn | by what would be re-estimated",
        "model=resnet-8 model.weight-standardisation=true measure.what=[curvature] | curvature of standardised weights cannot be measured",
        "model=resnet-8 model.weight-standardisation=true measure.what=[cka] | cka of standardised weights",
        "model=resnet-8 model.weight-standardisation=true measure.what=[activations] | activations of standardised weights",
        "measure.what=[activations] | logistic has no activations to measure",
        "data.feature-shift=0.5 measure.what=[gradients] | gradients of shifted images cannot be measured",
        "data.feature-shift=0.5 measure.what=[activations] | activations of shifted images cannot be measured",
        "data.feature-shift=0.5 measure.what=[curvature] | curvature of shifted images cannot be measured",
        "data.feature-shift=0.5 measure.what=[landscape] | landscape of shifted images cannot be measured",
        "model=resnet-8 data.feature-shift=0.5 measure.what=[statistics] | statistics of shifted images",
        "training.epochs=100000 rounds=1000000 data.train=50000 training.batch=1 | beyond counting",
        "data.train=null federation.samples=2000000 federation.clients=2000 |"
            + " --set federation.samples: federation.samples is 2000000 for each of 2000 clients",
        "measure.steps=1000000 | --set measure.steps: measure.steps is 1000000",
      })
  void countsThatOverflowAreRefusedWhereTheyAreWritten(String overrides, String message) {
    assertThatThrownBy(() -> read("tiny", YAML, overrides.split(" ")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDA", "CUDA_TF32"})
  void aLayerThatACardLacksIsRefusedForItsCellsAlone(Executor card) {
    Experiment experiment = read("tiny", YAML, "model=resnet-8", "model.normaliser=[bn,hbn]");
    Path out = folder.resolve("out");
    RunOptions options = RunOptions.into(out).on(folder, 2, card);
    assertThatThrownBy(() -> new Sweep(experiment, options, new SweepProgress() {}).run())
        .isInstanceOf(UserError.class)
        .hasMessage(
            "own/tiny hbn federated seed 0: resnet-8 has HBN, which no card runs; take"
                + " --executor plan");
    assertThat(out.resolve("quick/own/tiny/rounds.csv")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 100_000, 2_000_000_000, Integer.MAX_VALUE})
  void aBatchLargerThanAClientIsOneOfItsSize(int batch) throws IOException {
    String yaml = YAML + "  arms: [federated, central-small, central-large]\n";
    run(read("a", yaml, "data.train=200", "training.batch=20"), "a");
    run(read("b", yaml, "data.train=200", "training.batch=" + batch), "b");
    List<String> rows = rows("a");
    assertThat(rows("b").subList(0, 2)).isEqualTo(rows.subList(0, 2));
    assertThat(rows("b")).hasSize(rows.size());
  }

  private void run(Experiment experiment, String out) {
    RunOptions options = options(folder.resolve(out), folder.resolve(out + "-state"));
    assertThat(new Sweep(experiment, options, new SweepProgress() {}).run().failed()).isEmpty();
  }

  @Test
  void tooFewTestImagesForFeaturesAreKnownBeforeTheFirstRuns() {
    Experiment few = read("few", YAML, "data.test=3", "model=mlp-2", "measure.what=[cka]");
    assertThatThrownBy(() -> run(read("first", YAML), few))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cka compares features of at least 4 images, and there are 3");
    assertThat(folder.resolve("out/quick/own/first/rounds.csv")).doesNotExist();
  }

  @Test
  void damagedResultsOfTheLastAreKnownBeforeTheFirstRuns() throws IOException {
    run(read("last", YAML));
    Path there = folder.resolve("out/quick/own");
    Files.writeString(there.resolve("last/rounds.csv"), "7\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> run(read("first", YAML), read("last", YAML)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("rounds.csv");
    assertThat(there.resolve("first/rounds.csv")).doesNotExist();
  }

  /** Without the cell's id, which the batch is a part of. */
  private List<String> rows(String name) throws IOException {
    Path file = folder.resolve(name).resolve("quick/own").resolve(name).resolve("rounds.csv");
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(row -> row.substring(row.indexOf(',')))
        .toList();
  }

  private static final String SMALL_MAPS =
      YAML.replace("model: logistic", "model: {name: resnet-8, strides: 4-4-4}")
          .replace("federation: {clients: 10}", "federation: {clients: 10}\n  partition: iid");

  @Test
  void aBatchOfOneImageOnMapsOfOnePixelIsRefusedWithTheClientAndARemedy() {
    Experiment experiment = read("bn", SMALL_MAPS);
    assertThatThrownBy(() -> run(experiment))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("client 0, like 9 others, would train on a batch of one image")
        .hasMessageContaining("21 images in batches of 10")
        .hasMessageContaining("training.batch=11");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.batch=11",
        "data.train=200",
        "model.normaliser=ln",
        "model.strides=1-1-1"
      })
  void theRemediesWork(String remedy) {
    Experiment experiment = read("bn", SMALL_MAPS, remedy, "rounds=1", "model.width=0.1");
    assertThat(run(experiment).get(experiment).failed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hbn", "fedbn"})
  void everyNormaliserThatUsesBatchesIsMeant(String normaliser) {
    Experiment experiment = read("bn", SMALL_MAPS, "model.normaliser=" + normaliser);
    assertThatThrownBy(() -> run(experiment)).hasMessageContaining("batch of one image");
  }

  @Test
  void missingDataIsToldOnceForAllCellsAndExperimentsBeforeAnyOfThemRuns() {
    String grid = "grid:\n  training.rate: [0.1, 0.2, 0.3]\nseeds: [0, 1]\n";
    Experiment first = read("first", YAML);
    Experiment second = read("second", YAML + grid, "data.set=cifar-10");
    Experiment third = read("third", YAML + grid, "data.set=cifar-10");
    assertThatThrownBy(() -> run(first, second, third))
        .isInstanceOf(UserError.class)
        .satisfies(
            refusal -> {
              assertThat(refusal.getMessage().split("cifar-10 is not in", -1)).hasSize(2);
              assertThat(refusal.getMessage()).contains("data cifar-10");
            });
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "state"})
  void aFileWhereAFolderIsWantedIsRefused(String which) throws IOException {
    Files.writeString(folder.resolve(which), "not a folder");
    assertThatThrownBy(() -> run(read("tiny", YAML)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot write")
        .hasMessageContaining(folder.resolve(which).toString());
  }

  @Test
  void whatIsBrokenInTheMiddleStopsAllWithItsReason() throws IOException {
    Experiment experiment = read("tiny", YAML + "seeds: [0, 1, 2, 3, 4, 5, 6, 7]\n");
    Path results = folder.resolve("out/quick/own/tiny");
    SweepProgress breaking =
        new SweepProgress() {
          @Override
          public void began(Experiment begun) {
            try {
              // From now on no table can be replaced, even by root.
              Files.createDirectories(results.resolve("rounds.csv/in-the-way"));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };
    RunOptions options = options(folder.resolve("out"), folder.resolve("state"));
    assertThatThrownBy(() -> new Sweep(experiment, options, breaking).run())
        .hasMessageContaining("cannot write results");
    Files.delete(results.resolve("rounds.csv/in-the-way"));
    Files.delete(results.resolve("rounds.csv"));
    Sweep.Outcome again = new Sweep(experiment, options, new SweepProgress() {}).run();
    assertThat(again.ran()).isLessThan(8);
    assertThat(again.accuracies()).hasSize(8);
  }
}
