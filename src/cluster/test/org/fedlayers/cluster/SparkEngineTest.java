package org.fedlayers.cluster;

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
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.federated.ClientView;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.LocalStep;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.RunOptions;
import org.fedlayers.sweep.Sweep;
import org.fedlayers.sweep.SweepProgress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On two executor threads of this process, where Spark serialises tasks all the same. */
@Timeout(300)
class SparkEngineTest {
  private static final String SETTINGS =
      """
      title: Tiny
      settings:
        data: {train: 80, test: 300, augmentation: cifar}
        model: {name: resnet-8, width: 0.25}
        federation: {clients: 4, cohort: 3}
        training: {epochs: 1, batch: 10, rate: 0.05, momentum: 0.5, buffers: local}
        rounds: 3
        scoring: {averages: [cohort, all]}
        measure: {what: [divergence]}
      """;

  /** What clients remember: control variates, personal weights and statistics, momentum. */
  private static final String GRID =
      SETTINGS
          + "  arms: [federated, central-large]\n"
          + "grid: {model.normaliser: [bn, fedbn, hbn], method: [fedprox, fedsam]}\n"
          + "seeds: [0]\n";

  private static final String PLAIN =
      SETTINGS.replace("momentum: 0.5, buffers: local", "momentum: 0");

  /** FedAvg that fails in its second round. */
  record Unwell() implements Method {
    @Override
    public LocalStep localStep(ClientView client) {
      if (client.round() == 1) {
        throw new AssertionError("it does not hold");
      }
      return LocalStep.SGD;
    }
  }

  private static JavaSparkContext spark;

  @TempDir private Path folder;

  @BeforeAll
  static void connect() {
    spark = SparkCluster.connect(SparkCluster.configuration("local[2]"));
    Methods.register("unwell", "none", Unwell.class);
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  @Test
  void settingsOfTheUsersOwnWin() {
    String threads = "spark.executorEnv.OMP_NUM_THREADS";
    assertThat(SparkCluster.configuration("local[2]").get(threads)).isEqualTo("1");
    System.setProperty(threads, "2");
    try {
      assertThat(SparkCluster.configuration("local[2]").get(threads)).isEqualTo("2");
    } finally {
      System.clearProperty(threads);
    }
  }

  private static Engine onSpark(int cells) {
    return new SparkEngine(spark, cost -> {});
  }

  private Sweep.Outcome run(
      String name, String yaml, IntFunction<Engine> engines, SweepProgress progress) {
    Experiment experiment =
        ExperimentReader.read(
            new Source("own", "tiny", "tiny.yaml", yaml), "quick", List.of(), List.of());
    Path out = folder.resolve(name);
    RunOptions options =
        RunOptions.into(out)
            .on(folder, 2, Executor.AUTO)
            .on(engines)
            .checkpointing(Duration.ofDays(1));
    return new Sweep(experiment, options, progress).run();
  }

  private Map<String, String> files(String name) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve(name))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("timings.jsonl")) {
          files.put(folder.resolve(name).relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  private void requireSameBytes(String yaml) throws IOException {
    assertThat(run("threads", yaml, ThreadEngine::new, new SweepProgress() {}).failed()).isEmpty();
    assertThat(run("spark", yaml, SparkEngineTest::onSpark, new SweepProgress() {}).failed())
        .isEmpty();
    assertThat(files("threads")).hasSizeGreaterThan(3);
    assertThat(files("spark")).isEqualTo(files("threads"));
  }

  @Test
  void bytesAreThoseOfThreadsWhateverClientsRemember() throws IOException {
    requireSameBytes(GRID);
  }

  @Test
  void bytesAreThoseOfThreadsForControlVariatesAndWhereTrainingDiverges() throws IOException {
    requireSameBytes(
        PLAIN.replace("rate: 0.05, ", "")
            + "grid: {method: [scaffold, feddyn], training.rate: [0.05, 1000]}\n"
            + "seeds: [0]\n");
    assertThat(files("spark").get("quick/own/tiny/rounds.csv")).contains("diverged");
  }

  @Test
  void aRunThatIsStoppedGoesOnToTheSameBytes() throws IOException {
    String yaml = PLAIN + "grid:\n  method: [scaffold]\nseeds: [0]\n";
    AtomicInteger rounds = new AtomicInteger();
    SweepProgress stopping =
        new SweepProgress() {
          @Override
          public void advanced(Cell cell, int done, int all) {
            rounds.incrementAndGet();
          }

          @Override
          public boolean stopping() {
            return rounds.get() >= 2;
          }
        };
    run("spark", yaml, SparkEngineTest::onSpark, stopping);
    assertThat(rounds).hasValue(2);
    List<Integer> resumed = new ArrayList<>();
    SweepProgress counting =
        new SweepProgress() {
          @Override
          public void resumed(Cell cell, int done, int all) {
            resumed.add(done);
          }
        };
    run("spark", yaml, SparkEngineTest::onSpark, counting);
    assertThat(resumed).containsExactly(2);
    run("threads", yaml, ThreadEngine::new, new SweepProgress() {});
    assertThat(files("spark")).isEqualTo(files("threads"));
  }

  @Test
  void badClientCodeFailsItsCellAlone() {
    Sweep.Outcome outcome =
        run(
            "spark",
            PLAIN + "grid:\n  method: [unwell, fedavg]\nseeds: [0]\n",
            SparkEngineTest::onSpark,
            new SweepProgress() {});
    assertThat(outcome.failed().values())
        .singleElement()
        .asString()
        .matches(
            "client \\d failed in round 2: java.lang.AssertionError: it does not hold, at .*Unwell.*");
    assertThat(outcome.accuracies()).hasSize(1);
  }

  @Test
  void anOutcomeThatComesTwiceCountsOnceAndInOrder() {
    List<Object> handed = new ArrayList<>();
    OrderedOutcomes results = new OrderedOutcomes(outcome -> handed.add(outcome.orThrow()));
    for (int index : new int[] {2, 0, 0, 2, 1, 1, 0}) {
      results.take(index, new Outcome(index, null));
    }
    assertThat(handed).containsExactly(0, 1, 2);
    assertThat(results.passedOn()).isEqualTo(3);
  }

  @Test
  void whatEndsATaskIsThrownAsOnThreads() {
    UserError mistake = new UserError("not like this", new IOException("which stays behind"));
    assertThatThrownBy(() -> Outcome.of(mistake).orThrow())
        .isInstanceOf(UserError.class)
        .hasMessage("not like this")
        .hasNoCause();
    assertThatThrownBy(() -> Outcome.of(new StoppedException()).orThrow())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWorkerOfAnotherKindIsRefused() {
    String description =
        """
        {"arm":"federated","configuration":{},"seed":0,"data":"/","sha256":"0",
         "environment":{"executor":"plan","arithmetic":"0","instructions":"none","java":"1"}}""";
    assertThatThrownBy(() -> RemoteCell.of(description))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("instructions=none")
        .hasMessageContaining("bytes would differ");
  }
}
