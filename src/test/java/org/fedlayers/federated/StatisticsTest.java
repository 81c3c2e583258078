package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to normaliser statistics, and to weights that stay with a client or stand still. */
class StatisticsTest {
  private static final TrainingSettings TRAINING =
      TrainingSettings.steps(3, 0.1).with("clip", 1).with("weight-decay", 0.1);
  private final Quadratic problem = Quadratic.of(6, 10, 40, 30).withScale();

  private static Setting setting(
      Method method, TrainingSettings training, StatisticsPolicy policy) {
    return new Setting(method, training, Draws.full(), policy, 1, new Randomness(1));
  }

  /**
   * Clients' full-batch biased moments fold to the pooled batch's, by the law of total variance.
   */
  @Test
  void totalVarianceIsThatOfThePooledSamples() {
    Random random = new Random(3);
    int[] sizes = {3, 11, 6};
    List<double[]> samples =
        IntStream.range(0, 3)
            .mapToObj(i -> random.doubles(sizes[i], -1 + 2 * i, 1 + 2 * i).toArray())
            .toList();
    double[] pooled = samples.stream().flatMapToDouble(DoubleStream::of).toArray();
    List<float[]> own = samples.stream().map(StatisticsTest::moments).toList();
    List<Double> shares = Arrays.stream(sizes).mapToObj(size -> size / 20.0).toList();
    List<Tensor> tensors = problem.statistics();
    float[] total = StatisticsPolicy.Averaging.TOTAL_VARIANCE.average(tensors, shares, own);
    assertThat(Quadratic.doubles(total))
        .containsExactly(Quadratic.doubles(moments(pooled)), within(1e-6));
    float[] mean = StatisticsPolicy.Averaging.MEAN.average(tensors, shares, own);
    assertThat(mean[0]).isEqualTo(total[0]);
    double within = 0;
    for (int i = 0; i < 3; i++) {
      within += shares.get(i) * own.get(i)[1];
    }
    assertThat(mean[1]).isCloseTo((float) within, within(1e-6f)).isLessThan(total[1] - 1);
  }

  @ParameterizedTest
  @CsvSource({
    "fedbn, MEAN, NORMALISERS, false",
    "hbn, TOTAL_VARIANCE, MIX, false",
    "fbn, TOTAL_VARIANCE, NOTHING, true",
    "bn, MEAN, NOTHING, false",
    "default, MEAN, NOTHING, false"
  })
  void eachNormaliserHasItsPolicy(
      String normaliser,
      StatisticsPolicy.Averaging averaging,
      StatisticsPolicy.Personal personal,
      boolean global) {
    StatisticsSettings usual = new StatisticsSettings();
    assertThat(usual.policy(normaliser, 10, false))
        .isEqualTo(new StatisticsPolicy(averaging, personal, Integer.MAX_VALUE, false, global));
    assertThat(usual.policy(normaliser, 10, true).personal())
        .isEqualTo(StatisticsPolicy.Personal.NOTHING);
    for (var own :
        List.of(StatisticsPolicy.Averaging.MEAN, StatisticsPolicy.Averaging.TOTAL_VARIANCE)) {
      StatisticsSettings chosen =
          new StatisticsSettings(
              StatisticsSettings.Averaging.valueOf(own.name()), 0.5, null, false);
      assertThat(chosen.policy(normaliser, 10, false).averaging()).isEqualTo(own);
    }
  }

  private static float[] moments(double[] samples) {
    double mean = Arrays.stream(samples).average().orElseThrow();
    double variance = Arrays.stream(samples).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    return new float[] {(float) mean, (float) variance};
  }

  @Test
  void theServerFoldsStatisticsWeightedLikeWeights() {
    try (var engine = new ThreadEngine(1)) {
      for (StatisticsPolicy.Averaging averaging : StatisticsPolicy.Averaging.values()) {
        var policy =
            new StatisticsPolicy(
                averaging, StatisticsPolicy.Personal.NOTHING, Integer.MAX_VALUE, false, false);
        Federation federation =
            Runs.federation(problem, setting(new FedAvg(), TRAINING, policy), engine);
        double[] mean = new double[2];
        double[] squares = new double[2];
        federation.listen(
            new RoundListener() {
              @Override
              public void clientUpdated(ClientUpdate update) {
                double p = update.weight() / 80.0;
                mean[0] += p * update.statistics()[0];
                mean[1] += p * update.statistics()[1];
                squares[0] += p * update.statistics()[0] * update.statistics()[0];
              }
            });
        federation.round();
        double between = squares[0] - mean[0] * mean[0];
        boolean total = averaging == StatisticsPolicy.Averaging.TOTAL_VARIANCE;
        assertThat(Quadratic.doubles(federation.server().statistics()))
            .containsExactly(new double[] {mean[0], mean[1] + (total ? between : 0)}, within(1e-6));
        assertThat(between).isGreaterThan(0.01);
      }
    }
  }

  @Test
  void frozenStatisticsDoNotMoveByOneBitWhileWeightsDo() {
    try (var engine = new ThreadEngine(1)) {
      for (Method method : List.of(new FedAvg(), new FedSam(0.1), new FedAvgM(0.9))) {
        Federation federation =
            Runs.federation(
                problem, setting(method, TRAINING, StatisticsPolicy.frozenFrom(2)), engine);
        federation.round();
        float[] early = federation.server().statistics().clone();
        federation.round();
        float[] frozen = federation.server().statistics().clone();
        assertThat(frozen).isNotEqualTo(early);
        federation.listen(
            new RoundListener() {
              @Override
              public void clientUpdated(ClientUpdate update) {
                assertThat(update.statistics()).as("a client's").containsExactly(frozen);
              }
            });
        for (int round = 2; round < 5; round++) {
          float[] weights = federation.server().weights().clone();
          federation.round();
          assertThat(federation.server().statistics()).containsExactly(frozen);
          assertThat(federation.average(Average.ALL).statistics()).containsExactly(frozen);
          for (int i = 0; i < weights.length; i++) {
            assertThat(federation.server().weights()[i]).isNotEqualTo(weights[i]);
          }
        }
      }
    }
  }

  /** The scale's gradient is not there: it neither moves the scale nor takes part in the clip. */
  @Test
  void frozenAffineWeightsStandStillAndDoNotFillTheClip() {
    var policy =
        new StatisticsPolicy(
            StatisticsPolicy.Averaging.MEAN, StatisticsPolicy.Personal.NOTHING, 1, true, false);
    TrainingSettings single = TrainingSettings.steps(1, 0.1).with("clip", 0.5);
    try (var engine = new ThreadEngine(1)) {
      Quadratic lone = Quadratic.of(6, 10).withScale();
      for (Method method : List.of(new FedAvg(), new FedSam(0.2))) {
        Federation federation = Runs.federation(lone, setting(method, single, policy), engine);
        federation.round();
        float[] before = federation.server().weights().clone();
        federation.round();
        float[] moved = Vectors.minus(federation.server().weights(), before);
        assertThat(Arrays.copyOfRange(moved, 3, 6)).containsOnly(0);
        assertThat(Vectors.norm(moved)).isCloseTo(0.1 * 0.5, within(1e-6));
      }
    }
    TrainingSettings rough =
        TRAINING.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.LOCAL);
    try (var engine = new ThreadEngine(1)) {
      Federation federation =
          Runs.federation(problem, setting(new FedProx(0.1), rough, policy), engine);
      federation.round();
      float[] before = federation.server().weights().clone();
      federation.round();
      assertThat(Arrays.copyOfRange(federation.server().weights(), 3, 6))
          .containsExactly(Arrays.copyOfRange(before, 3, 6));
    }
  }

  /** FedBN by hand: a client's scale goes on from where it was, the kernel from the mean. */
  @Test
  void personalWeightsAndStatisticsStayWithTheirClient() {
    TrainingSettings plain = TrainingSettings.steps(2, 0.1);
    double[][] own = new double[3][];
    try (var engine = new ThreadEngine(2)) {
      Federation federation =
          Runs.federation(problem, setting(new FedAvg(), plain, StatisticsPolicy.PERSONAL), engine);
      double[] theta = Quadratic.doubles(federation.server().weights());
      double[][] statistics = {{0, 1}, {0, 1}, {0, 1}};
      for (int round = 0; round < 4; round++) {
        double[] mean = new double[6];
        for (int client = 0; client < 3; client++) {
          double[] w = theta.clone();
          if (own[client] != null) {
            System.arraycopy(own[client], 3, w, 3, 3);
          }
          for (int step = 0; step < 2; step++) {
            double[] g = problem.gradient(client, 0, w);
            statistics[client][0] = 0.9 * statistics[client][0] + 0.1 * g[0];
            statistics[client][1] = 0.9 * statistics[client][1] + 0.1 * g[0] * g[0];
            Arrays.setAll(w, i -> w[i] - 0.1 * g[i]);
          }
          own[client] = w;
          double p = problem.samples(client) / 80.0;
          Arrays.setAll(mean, i -> mean[i] + p * w[i]);
        }
        theta = mean;
        federation.round();
        assertThat(Quadratic.doubles(federation.server().weights()))
            .containsExactly(theta, within(2e-6));
        for (int client = 0; client < 3; client++) {
          assertThat(
                  Quadratic.doubles(federation.memory().get(client, LocalTrainer.PERSONAL_WEIGHTS)))
              .containsExactly(Arrays.copyOfRange(own[client], 3, 6), within(2e-6));
          assertThat(Quadratic.doubles(federation.memory().get(client, LocalTrainer.STATISTICS)))
              .containsExactly(statistics[client], within(2e-5));
        }
      }
    }
  }

  /** Whatever a method remembers or sends, it holds nothing where weights are personal. */
  @Test
  void methodsDoNotCarryPersonalWeightsFromClientToClient() {
    TrainingSettings plain = TrainingSettings.steps(2, 0.1);
    for (Method method :
        List.of(
            new Scaffold(0.5),
            new FedDyn(0.1),
            new FedDc(0.1),
            new FedCm(0.5, 2),
            new FedAvgM(0.9))) {
      try (var engine = new ThreadEngine(1)) {
        Federation federation =
            Runs.federation(problem, setting(method, plain, StatisticsPolicy.PERSONAL), engine);
        for (int round = 0; round < 3; round++) {
          federation.round();
        }
        ServerState server = federation.server();
        assertThat(Arrays.copyOfRange(server.weights(), 3, 6))
            .as("scored global model of %s", method)
            .containsExactly(Arrays.copyOfRange(server.cohortWeights(), 3, 6));
        assertThat(server.slots()).isNotEmpty();
        server
            .slots()
            .forEach(
                (name, slot) -> {
                  assertThat(Arrays.copyOfRange(slot, 3, 6)).as(name).containsOnly(0);
                  assertThat(slot[0]).as(name).isNotZero();
                });
        for (String slot : method.slots().client()) {
          float[] kept = federation.memory().get(0, slot);
          assertThat(Arrays.copyOfRange(kept, 3, 6)).as(slot).containsOnly(0);
          assertThat(kept[0]).as(slot).isNotZero();
        }
      }
    }
  }

  /** Global momentum sends no buffer of personal weights. */
  @Test
  void globalMomentumLeavesPersonalWeightsOut() {
    TrainingSettings momentum =
        TrainingSettings.steps(2, 0.1)
            .with("momentum", 0.9)
            .with("buffers", TrainingSettings.Momentum.GLOBAL);
    try (var engine = new ThreadEngine(1)) {
      Federation federation =
          Runs.federation(
              problem, setting(new FedAvg(), momentum, StatisticsPolicy.PERSONAL), engine);
      federation.round();
      float[] buffer = federation.server().slots().get(LocalTrainer.MOMENTUM);
      assertThat(Arrays.copyOfRange(buffer, 3, 6)).containsOnly(0);
      assertThat(buffer[0]).isNotZero();
    }
  }

  @Test
  void hybridKeepsTheMixAloneToItself() {
    Tensor kernel = new Tensor(0, "k", Tensor.Role.KERNEL, new int[] {2}, 0, 2, 2);
    Tensor scale = new Tensor(1, "s", Tensor.Role.SCALE, new int[] {2}, 2, 2, 0);
    Tensor shift = new Tensor(1, "b", Tensor.Role.SHIFT, new int[] {2}, 4, 2, 0);
    Tensor mix = new Tensor(1, "m", Tensor.Role.MIX, new int[] {2}, 6, 2, 0);
    List<Tensor> all = List.of(kernel, scale, shift, mix);
    assertThat(StatisticsPolicy.HYBRID.personalWeights(all).tensors()).containsExactly(mix);
    assertThat(StatisticsPolicy.HYBRID.personalStatistics()).isFalse();
    assertThat(StatisticsPolicy.PERSONAL.personalWeights(all).tensors())
        .containsExactly(scale, shift, mix);
    assertThat(StatisticsPolicy.AVERAGED.personalWeights(all).tensors()).isEmpty();
  }
}
