package org.fedlayers.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graph in double against plain loops and against central differences. */
class DoubleGraphModelTest {
  /** Small enough that no ReLU's input and no maximum changes sides on these networks. */
  private static final double STEP = 1e-7;

  static Stream<Network> networks() {
    return Stream.concat(
        Stream.of(
                Normaliser.NONE,
                Normaliser.BATCH,
                Normaliser.group(2),
                Normaliser.LAYER,
                Normaliser.INSTANCE,
                Normaliser.HYBRID)
            .map(Case::residual),
        Stream.of(Case.odd()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPlainLoops(Network network) {
    try (var model = new DoubleGraphModel(network)) {
      for (Pass.Statistics mode : Pass.Statistics.values()) {
        for (double zeta : new double[] {0, 0.7}) {
          for (int size : new int[] {5, 2}) {
            check(model, Case.of(network, size), new Pass(mode, zeta));
          }
        }
      }
    }
  }

  private static void check(DoubleGraphModel model, Case c, Pass pass) {
    var expected = c.naive(pass);
    double[] statistics = c.statistics().clone();
    double[] gradient = new double[c.weights().length];
    double value =
        model.gradient(c.weights(), statistics, c.batch(), pass, CrossEntropy.INSTANCE, gradient);
    assertThat(value).isCloseTo(expected.value(), within(1e-12));
    assertThat(model.penalty()).isCloseTo(expected.penalty(), within(1e-12));
    assertThat(gradient)
        .as("%s %s", c.network(), pass)
        .containsExactly(expected.gradient(), within(1e-10));
    assertThat(statistics).containsExactly(expected.statistics(), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void evaluatesWithRunningStatistics(Network network) {
    Case c = Case.of(network, 3);
    double[] logits = new double[3 * network.classes()];
    try (var model = new DoubleGraphModel(network)) {
      // A training pass before: none of its batch's statistics may linger.
      double[] unused = new double[c.weights().length];
      model.gradient(
          c.weights(),
          c.statistics().clone(),
          c.batch(),
          Pass.TRAINING,
          CrossEntropy.INSTANCE,
          unused);
      model.logits(c.weights(), c.statistics(), c.batch(), logits);
    }
    double[] expected =
        new NaiveNetwork(network).logits(c.weights(), c.statistics(), c.pixels(), 3);
    assertThat(logits).containsExactly(expected, within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientIsTheDerivativeOfTheValue(Network network) {
    Case c = Case.of(network, 5);
    double[] gradient = new double[c.weights().length];
    double[] unused = gradient.clone();
    var random = new Random(3);
    try (var model = new DoubleGraphModel(network)) {
      for (Pass.Statistics mode : Pass.Statistics.values()) {
        var pass = new Pass(mode, 0.7);
        value(model, c, c.weights(), pass, gradient);
        for (int direction = 0; direction < 20; direction++) {
          double[] along = random.doubles(gradient.length, -1, 1).toArray();
          double up = value(model, c, stepped(c.weights(), along, STEP), pass, unused);
          double down = value(model, c, stepped(c.weights(), along, -STEP), pass, unused);
          double slope = 0;
          for (int i = 0; i < along.length; i++) {
            slope += gradient[i] * along[i];
          }
          assertThat(slope).as("%s", mode).isCloseTo((up - down) / (2 * STEP), within(1e-6));
        }
      }
    }
  }

  private static double value(
      DoubleGraphModel model, Case c, double[] weights, Pass pass, double[] gradient) {
    return model.gradient(
        weights, c.statistics().clone(), c.batch(), pass, CrossEntropy.INSTANCE, gradient);
  }

  private static double[] stepped(double[] from, double[] along, double step) {
    double[] to = new double[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i] + step * along[i];
    }
    return to;
  }
}
