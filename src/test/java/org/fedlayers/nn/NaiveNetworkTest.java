package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle itself: its gradient is the derivative of its value. */
class NaiveNetworkTest {
  private static final int SIZE = 3;

  /** Every kind of layer and normaliser, smooth where the choice is free. */
  private static Network everything() {
    var b = new NetworkBuilder("everything", new Shape(2, 7, 6));
    Node x = b.convolution("conv1", b.input(), 4, 3, 1);
    x = b.activate("tanh", b.normalise("batch", x, Normaliser.BATCH), Layer.Function.TANH);
    Node y = b.normalise("hybrid", b.convolution("conv2", x, 4, 3, 1), Normaliser.HYBRID);
    x = b.relu("sum.relu", b.add("sum", y, x));
    x = b.maxPool("max", x, 3, 2, 1);
    x = b.convolution("dilated", x, new Layer.Convolution(4, 3, 2, 2, 2, false));
    x = b.normalise("group", x, Normaliser.group(2));
    x = b.normalise("layer", x, Normaliser.LAYER);
    x = b.relu("instance.relu", b.normalise("instance", x, Normaliser.INSTANCE));
    y = b.dense("average.dense", b.globalAverage("average", x), 5);
    x = b.relu("dense.relu", b.add("heads", b.dense("dense", x, 5), y));
    return b.logits(b.dense("logits", x, 3));
  }

  @ParameterizedTest
  @EnumSource(Pass.Statistics.class)
  void gradientIsTheDerivativeOfTheValue(Pass.Statistics mode) {
    Network network = everything();
    var naive = new NaiveNetwork(network);
    var random = new Random(1);
    double[] weights = uniform(random, network.weightCount(), 0.5);
    double[] statistics = uniform(random, network.statisticsCount(), 0.2);
    for (int i = 0; i < statistics.length; i++) {
      statistics[i] = Math.abs(statistics[i]) + 0.5;
    }
    double[] pixels = uniform(random, SIZE * network.input().size(), 1);
    int[] labels = {0, 2, 1};
    Pass pass = new Pass(mode, 0.7);
    var at = result(naive, weights, statistics, pixels, labels, pass);
    double step = 1e-6;
    for (int i = 0; i < weights.length; i++) {
      double kept = weights[i];
      weights[i] = kept + step;
      double up = result(naive, weights, statistics, pixels, labels, pass).value();
      weights[i] = kept - step;
      double down = result(naive, weights, statistics, pixels, labels, pass).value();
      weights[i] = kept;
      assertThat(at.gradient()[i])
          .as("weight %d", i)
          .isCloseTo((up - down) / (2 * step), within(1e-6));
    }
    assertThat(at.penalty()).isPositive().isLessThan(at.value());
  }

  private static NaiveNetwork.Result result(
      NaiveNetwork naive, double[] w, double[] s, double[] pixels, int[] labels, Pass pass) {
    return naive.gradient(w, s, pixels, labels, SIZE, pass, CrossEntropy.INSTANCE);
  }

  @Test
  void statisticsMoveTowardsTheBatchOnlyWhereThePassSaysSo() {
    var b = new NetworkBuilder("one", new Shape(1, 1, 2));
    Node x = b.normalise("bn", b.input(), Normaliser.BATCH);
    Network network = b.logits(b.dense("logits", x, 2));
    var naive = new NaiveNetwork(network);
    double[] weights = new double[network.weightCount()];
    double[] pixels = {1, 2, 3, 6};
    double[] old = {10, 20};
    int[] labels = {0, 1};
    for (Pass.Statistics mode : Pass.Statistics.values()) {
      var pass = new Pass(mode, 0);
      double[] after =
          naive.gradient(weights, old, pixels, labels, 2, pass, CrossEntropy.INSTANCE).statistics();
      // The batch's mean is 3, its unbiased variance 14/3.
      if (mode == Pass.Statistics.MOVING) {
        assertThat(after).containsExactly(new double[] {9.3, 18 + 1.4 / 3}, within(1e-12));
      } else if (mode == Pass.Statistics.COLLECTING) {
        assertThat(after).containsExactly(new double[] {3, 14 / 3.0}, within(1e-12));
      } else {
        assertThat(after).containsExactly(old);
      }
    }
  }

  private static double[] uniform(Random random, int length, double deviation) {
    return random.doubles(length, -1.7, 1.7).map(v -> v * deviation).toArray();
  }
}
