package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Measurement;
import org.fedlayers.experiment.Source;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.WatchedModel;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an experiment measures besides accuracy, as rows of its tables. */
class MeasurementsTest {
  private static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 120, test: 30}
        model: {name: mlp-2, width: 0.05}
        federation: {clients: 3}
        training: {epochs: 1, batch: 10, rate: 0.05}
        rounds: 14
        scoring: {every: 4}
        arms: [federated, central-large]
        measure:
          what: [divergence, cka, activations, gradients, curvature, landscape, statistics]
          images: 60
          features: 20
          steps: 1
      seeds: [0]
      """;

  @TempDir private Path folder;

  private static Experiment experiment() {
    return ExperimentReader.read(
        new Source("own", "tiny", "tiny.yaml", YAML), "quick", List.of(), List.of());
  }

  private Path run(String name, int workers) {
    Path out = folder.resolve(name);
    Experiment experiment = experiment();
    var options =
        RunOptions.into(out).on(folder, workers, Executor.AUTO).checkpointing(Duration.ofHours(1));
    Sweep.Outcome outcome = new Sweep(experiment, options, new SweepProgress() {}).run();
    assertThat(outcome.failed()).isEmpty();
    return out.resolve("quick/own/tiny");
  }

  private static List<List<String>> rows(Path folder, String table) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(table + ".csv"));
    List<List<String>> rows = new ArrayList<>();
    lines.subList(1, lines.size()).forEach(line -> rows.add(Csv.fields(line)));
    return rows;
  }

  @Test
  void eachMeasureHasItsTable() throws IOException {
    Path out = run("one", 1);
    // Two layers and the model, in scored rounds (4 and the last 10), of the federated arm.
    List<List<String>> layers = rows(out, "layers");
    assertThat(layers).hasSize(3 * 11).allMatch(row -> row.get(1).equals("federated"));
    assertThat(layers).extracting(row -> row.get(6)).contains("fc1", "logits", "model");
    assertThat(layers).extracting(row -> row.get(3)).contains("4", "5", "14").doesNotContain("3");
    assertThat(layers).allMatch(row -> Double.parseDouble(row.get(7)) > 0);
    assertThat(layers).allMatch(row -> Math.abs(Double.parseDouble(row.get(12))) <= 1);
    assertThat(layers).extracting(row -> row.get(13)).containsOnly("drawn test 20");

    // One ReLU, in the same rounds, of either arm.
    List<List<String>> activations = rows(out, "activations");
    assertThat(activations).hasSize(2 * 11);
    assertThat(activations).extracting(row -> row.get(5)).containsOnly("drawn train 60");
    assertThat(activations).allMatch(row -> Double.parseDouble(row.get(8)) > 0);

    assertThat(rows(out, "gradients")).hasSize(2 * 2);

    // Five eigenvalues, the lowest, the trace, two layers and adaptive sharpness, for either arm.
    List<List<String>> curvature = rows(out, "curvature");
    assertThat(curvature).hasSize(2 * 12);
    assertThat(curvature).extracting(row -> row.get(3)).containsOnly("14");
    assertThat(curvature).extracting(row -> row.get(4)).containsOnly("cohort", "server");
    assertThat(curvature).extracting(row -> row.get(5)).containsOnly("drawn train 60");

    List<List<String>> landscape = rows(out, "landscape");
    assertThat(landscape).hasSize(2 * 9);
    for (int arm = 0; arm < 2; arm++) {
      double centre = Double.parseDouble(landscape.get(9 * arm + 4).get(8));
      double loss = Double.parseDouble(curvature.get(12 * arm).get(12));
      assertThat(centre).isCloseTo(loss, within(1e-5));
    }
  }

  /** A net without a normaliser has none, so both scores are that of the last round. */
  @Test
  void averagedStatisticsScoreAsInTheLastRound() throws IOException {
    Path out = run("one", 1);
    List<List<String>> scores = rows(out, "statistics");
    assertThat(scores)
        .extracting(row -> row.get(6))
        .containsExactly("averaged", "re-estimated", "averaged", "re-estimated");
    List<List<String>> last =
        rows(out, "rounds").stream().filter(row -> row.get(3).equals("14")).toList();
    assertThat(last).hasSize(2);
    for (int row = 0; row < 4; row++) {
      assertThat(scores.get(row).subList(7, 9)).isEqualTo(last.get(row / 2).subList(7, 9));
    }
  }

  /** A landscape takes a model for each thread, and keeps it to its end. */
  @Test
  void cellsThatEndSideBySideTakeTurnsOnTheWorkersThereAre() {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    Cell cell = experiment().cells().get(0);
    CellBuilder.Built built = new CellBuilder(new DataCache(folder), Executor.AUTO).build(cell);
    Supplier<Model> models =
        () -> {
          most.accumulateAndGet(open.incrementAndGet(), Math::max);
          two.countDown();
          awaitAnother(two);
          return WatchedModel.of(
              built.models().get(),
              call -> {
                if (call.equals("close")) {
                  open.decrementAndGet();
                }
              });
        };
    var watched =
        new CellBuilder.Built(
            built.data(), built.split(), built.problem(), models, built.setting(), built.weights());
    var model = new Federation.ModelState(built.weights(), built.network().freshStatistics());
    Stream.of(new CellTables(), new CellTables())
        .map(
            tables ->
                CompletableFuture.runAsync(
                    () ->
                        new Measurements(cell, watched, 1)
                            .atEnd(List.of(Measurement.LANDSCAPE), model, 1, tables)))
        .toList()
        .forEach(CompletableFuture::join);
    assertThat(most).hasValue(1);
    assertThat(open).hasValue(0);
  }

  private static void awaitAnother(CountDownLatch all) {
    try {
      all.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void workersChangeNoByte() throws IOException {
    Path one = run("one", 1);
    Path three = run("three", 3);
    for (Schema table : Schema.OF_CELLS) {
      assertThat(three.resolve(table.name() + ".csv"))
          .hasSameTextualContentAs(one.resolve(table.name() + ".csv"));
    }
  }
}
