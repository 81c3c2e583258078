package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Federations of networks: the fast path against a plain twin, and what must not move. */
class NaiveTwinTest {
  private static final DataSet DATA = Pictures.data(6);
  private static final int[][] SPLIT = {
    Pictures.range(0, 7), Pictures.range(7, 10), Pictures.range(10, 24)
  };
  private static final TrainingSettings TRAINING =
      TrainingSettings.epochs(2, 0.1).with("weight-decay", 0.001);

  private static Federation federation(
      Executor executor,
      Network network,
      Method method,
      TrainingSettings training,
      StatisticsPolicy policy,
      ThreadEngine engine) {
    Randomness randomness = Pictures.RANDOMNESS;
    return new Federation(
        Pictures.problem(DATA, SPLIT, 5, network, executor),
        new Setting(method, training, Draws.full(), policy, 1, randomness),
        Initialisation.PYTORCH.weights(network, randomness),
        network.freshStatistics(),
        engine,
        ClientMemory.onHeap(),
        true);
  }

  static Stream<Arguments> switches() {
    return Stream.of(
        Arguments.of(Executor.AUTO, Normaliser.NONE, 0.0, 0.0, 0.0),
        Arguments.of(Executor.AUTO, Normaliser.BATCH, 0.0, 0.0, 0.15),
        Arguments.of(Executor.AUTO, Normaliser.BATCH, 0.9, 1.0, 0.0),
        Arguments.of(Executor.GRAPH, Normaliser.BATCH, 0.0, 1.0, 0.15),
        Arguments.of(Executor.GRAPH, Normaliser.group(2), 0.9, 1.0, 0.15));
  }

  @ParameterizedTest
  @MethodSource("switches")
  void threeRoundsEqualThePlainTwins(
      Executor executor, Normaliser normaliser, double momentum, double clip, double zeta) {
    Network network = Pictures.network(normaliser);
    TrainingSettings training =
        TRAINING
            .with("momentum", momentum)
            .with("buffers", TrainingSettings.Momentum.RESET)
            .with("clip", clip)
            .with("man", zeta);
    try (var engine = new ThreadEngine(2)) {
      Federation fast =
          federation(executor, network, new FedAvg(), training, StatisticsPolicy.AVERAGED, engine);
      var plain = new NaiveFedAvg(DATA, SPLIT, 5, network, Pictures.RANDOMNESS);
      double[] start = Quadratic.doubles(fast.server().weights());
      plain.theta = start;
      plain.statistics = Quadratic.doubles(fast.server().statistics());
      for (int round = 0; round < 3; round++) {
        fast.round();
        plain.round(round, 2, 0.1, momentum, clip, 0.001, Pass.TRAINING.withPenalty(zeta));
      }
      double moved = Runs.distance(fast.server().weights(), start);
      assertThat(Runs.distance(fast.server().weights(), plain.theta) / moved).isLessThan(1e-4);
      assertThat(Runs.distance(fast.server().statistics(), plain.statistics)).isLessThan(1e-4);
      assertThat(moved).isGreaterThan(0.3);
    }
  }

  @Test
  void withoutPenaltyAndWithVanishingCoefficientsItIsFedAvgToTheBit() {
    Network network = Pictures.network(Normaliser.BATCH);
    float[] fedAvg = weights(network, new FedAvg(), TRAINING);
    assertThat(weights(network, new FedAvg(), TRAINING.with("man", 0))).containsExactly(fedAvg);
    for (Method method :
        List.of(
            new FedNtd(1, 0),
            new FedSam(0),
            new FedAsam(0, 0.2),
            new FedProx(0),
            new MoFedSam(0, 1))) {
      assertThat(weights(network, method, TRAINING)).as("%s", method).containsExactly(fedAvg);
    }
    assertThat(weights(network, new FedNtd(1, 0.1), TRAINING)).isNotEqualTo(fedAvg);
    assertThat(weights(network, new FedAvg(), TRAINING.with("man", 0.01))).isNotEqualTo(fedAvg);
  }

  /** Its target is the round's model in evaluation mode, and not what the client has made of it. */
  @Test
  void fedNtdDistilsTheModelOfTheRound() {
    Network network = Pictures.network(Normaliser.BATCH);
    NaiveNetwork naive = new NaiveNetwork(network);
    FedNtd method = new FedNtd(2, 3);
    var plain = new NaiveFedAvg(DATA, SPLIT, 5, network, Pictures.RANDOMNESS);
    try (var engine = new ThreadEngine(1)) {
      Federation fast =
          federation(Executor.AUTO, network, method, TRAINING, StatisticsPolicy.AVERAGED, engine);
      fast.round();
      double[] theta = Quadratic.doubles(fast.server().weights());
      double[] statistics = Quadratic.doubles(fast.server().statistics());
      double[] mean = new double[theta.length];
      for (int client = 0; client < SPLIT.length; client++) {
        double[] w = theta.clone();
        double[] s = statistics;
        for (int epoch = 2; epoch < 4; epoch++) {
          for (NaiveFedAvg.MiniBatch images : plain.batches(client, epoch)) {
            int size = images.labels().length;
            double[] global = naive.logits(theta, statistics, images.pixels(), size);
            LogitLoss loss = method.loss(Case.floats(global));
            var result =
                naive.gradient(w, s, images.pixels(), images.labels(), size, Pass.TRAINING, loss);
            s = result.statistics();
            for (int i = 0; i < w.length; i++) {
              w[i] -= 0.1 * (result.gradient()[i] + 0.001 * w[i]);
            }
          }
        }
        for (int i = 0; i < w.length; i++) {
          mean[i] += SPLIT[client].length / 24.0 * w[i];
        }
      }
      fast.round();
      double moved = Runs.distance(fast.server().weights(), theta);
      assertThat(Runs.distance(fast.server().weights(), mean) / moved).isLessThan(1e-4);
    }
  }

  private static float[] weights(Network network, Method method, TrainingSettings training) {
    try (var engine = new ThreadEngine(1)) {
      Federation federation =
          federation(Executor.AUTO, network, method, training, StatisticsPolicy.AVERAGED, engine);
      federation.round();
      federation.round();
      return federation.server().weights();
    }
  }

  @Test
  void threadsDoNotChangeAByte() {
    Network network = Pictures.network(Normaliser.BATCH);
    for (Method method : List.of(new FedAvg(), new FedSpeed(0.05, 0.1), new FedNtd(1, 1))) {
      float[] one = weights(network, method, TRAINING);
      try (var engine = new ThreadEngine(3)) {
        Federation federation =
            federation(Executor.AUTO, network, method, TRAINING, StatisticsPolicy.AVERAGED, engine);
        federation.round();
        federation.round();
        assertThat(federation.server().weights()).containsExactly(one);
      }
    }
  }

  @Test
  void frozenStatisticsAndAffineStandStillWhileKernelsMove() {
    Network network = Pictures.network(Normaliser.BATCH);
    var policy =
        new StatisticsPolicy(
            StatisticsPolicy.Averaging.MEAN, StatisticsPolicy.Personal.NOTHING, 1, true, false);
    TrainingSettings rough =
        TRAINING
            .with("momentum", 0.9)
            .with("buffers", TrainingSettings.Momentum.GLOBAL)
            .with("clip", 1);
    try (var engine = new ThreadEngine(2)) {
      Federation federation =
          federation(Executor.AUTO, network, new FedSam(0.05), rough, policy, engine);
      federation.round();
      float[] weights = federation.server().weights().clone();
      float[] statistics = federation.server().statistics().clone();
      assertThat(statistics).isNotEqualTo(network.freshStatistics());
      federation.round();
      federation.round();
      assertThat(federation.server().statistics()).containsExactly(statistics);
      for (Tensor tensor : network.weights()) {
        boolean affine = tensor.role() == Tensor.Role.SCALE || tensor.role() == Tensor.Role.SHIFT;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          if (affine) {
            assertThat(federation.server().weights()[i]).as(tensor.name()).isEqualTo(weights[i]);
          } else {
            assertThat(federation.server().weights()[i]).as(tensor.name()).isNotEqualTo(weights[i]);
          }
        }
      }
    }
  }
}
