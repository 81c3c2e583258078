package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With one step per round, full participation and weights proportional to batches, a federation is
 * centralised SGD on the pooled batch, unless batches normalise: the mechanism that arXiv
 * 2303.06530 blames. Clients hold one class each.
 */
class OneStepTest {
  private static final DataSet DATA = Pictures.data(6);
  private static final int[][] EQUAL = {
    Pictures.range(0, 6), Pictures.range(6, 12), Pictures.range(12, 18), Pictures.range(18, 24)
  };
  private static final int[][] UNEQUAL = {Pictures.range(0, 4), Pictures.range(4, 24)};
  private static final int[][] POOLED = {Pictures.range(0, 24)};

  /** No momentum, or a kept one. */
  enum Buffers {
    NONE,
    LOCAL,
    GLOBAL;

    /** A single client's buffer is its own whatever the federation does with those of many. */
    Buffers centralised() {
      return this == NONE ? NONE : LOCAL;
    }

    TrainingSettings training() {
      TrainingSettings one =
          TrainingSettings.steps(1, 0.5).with("weight-decay", 0.001).with("man", 0.2);
      return this == NONE
          ? one
          : one.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.valueOf(name()));
    }
  }

  private static final StatisticsPolicy FROZEN = StatisticsPolicy.frozenFrom(0);

  static Stream<Arguments> exact() {
    return Stream.of(
            Arguments.of(Normaliser.NONE, StatisticsPolicy.AVERAGED),
            Arguments.of(Normaliser.group(2), StatisticsPolicy.AVERAGED),
            Arguments.of(Normaliser.BATCH, FROZEN))
        .flatMap(
            given ->
                Stream.of(Buffers.values())
                    .map(buffers -> Arguments.of(given.get()[0], given.get()[1], buffers)));
  }

  /** The change of the weights over three rounds. */
  private static float[] update(
      int[][] split, Normaliser normaliser, StatisticsPolicy policy, TrainingSettings training) {
    Network network = Pictures.network(normaliser);
    // A batch holds all images of a client.
    ImageProblem problem = Pictures.problem(DATA, split, 24, network, Executor.AUTO);
    float[] weights = Initialisation.PYTORCH.weights(network, Pictures.RANDOMNESS);
    float[] statistics = network.freshStatistics();
    for (int i = 0; i < statistics.length; i++) {
      statistics[i] += 0.02f * (i % 7);
    }
    Setting setting =
        new Setting(new FedAvg(), training, Draws.full(), policy, 1, Pictures.RANDOMNESS);
    try (var engine = new ThreadEngine(1)) {
      var federation =
          new Federation(
              problem, setting, weights, statistics, engine, ClientMemory.onHeap(), false);
      for (int round = 0; round < 3; round++) {
        federation.round();
      }
      return Vectors.minus(federation.server().weights(), weights);
    }
  }

  private static double distance(float[] one, float[] other) {
    return Vectors.norm(Vectors.minus(one, other)) / Vectors.norm(other);
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("exact")
  void federatedIsCentralised(Normaliser normaliser, StatisticsPolicy policy, Buffers buffers) {
    float[] central = update(POOLED, normaliser, policy, buffers.centralised().training());
    for (int[][] split : List.of(EQUAL, UNEQUAL)) {
      assertThat(distance(update(split, normaliser, policy, buffers.training()), central))
          .isLessThan(1e-4);
    }
    assertThat(Vectors.norm(central)).isGreaterThan(0.1);
  }

  @ParameterizedTest
  @EnumSource(Buffers.class)
  void normalisingByUnlikeBatchesIsNot(Buffers buffers) {
    List<Double> errors = new ArrayList<>();
    for (Normaliser normaliser : List.of(Normaliser.BATCH, Normaliser.HYBRID)) {
      float[] central = update(POOLED, normaliser, StatisticsPolicy.AVERAGED, buffers.training());
      float[] federated = update(EQUAL, normaliser, StatisticsPolicy.AVERAGED, buffers.training());
      errors.add(distance(federated, central));
    }
    assertThat(errors).allMatch(error -> error > 0.1);
  }

  /** The conditions are needed: an active clip breaks the equality. */
  @ParameterizedTest
  @EnumSource(Buffers.class)
  void anActiveClipIsNotEither(Buffers buffers) {
    TrainingSettings clipped = buffers.training().with("clip", 0.3);
    float[] central = update(POOLED, Normaliser.group(2), StatisticsPolicy.AVERAGED, clipped);
    float[] federated = update(EQUAL, Normaliser.group(2), StatisticsPolicy.AVERAGED, clipped);
    assertThat(distance(federated, central)).isGreaterThan(0.01);
  }
}
