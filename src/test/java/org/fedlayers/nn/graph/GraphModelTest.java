package org.fedlayers.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graph in float: close to double, equal bits for equal arguments, on any thread. */
class GraphModelTest {

  static Stream<Network> networks() {
    return DoubleGraphModelTest.networks();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isCloseToDouble(Network network) {
    try (var single = new GraphModel(network);
        var twin = new DoubleGraphModel(network)) {
      for (int size : new int[] {6, 3}) {
        Case c = Case.of(network, size);
        for (Pass.Statistics mode : Pass.Statistics.values()) {
          Outcome actual = Outcome.of(single, c, new Pass(mode, 0.7));
          double[] gradient = new double[c.weights().length];
          double[] statistics = c.statistics().clone();
          double value =
              twin.gradient(
                  c.weights(),
                  statistics,
                  c.batch(),
                  new Pass(mode, 0.7),
                  CrossEntropy.INSTANCE,
                  gradient);
          assertThat(Math.abs(actual.value - value) / value).isLessThan(1e-5);
          assertThat(distance(actual.gradient, gradient)).as("%s", mode).isLessThan(1e-4);
          assertThat(distance(actual.statistics, statistics)).isLessThan(1e-6);
          double[] logits = new double[size * network.classes()];
          twin.logits(c.weights(), c.statistics(), c.batch(), logits);
          assertThat(distance(actual.logits, logits)).isLessThan(1e-5);
        }
      }
    }
  }

  /** The norm of the difference, relative. */
  private static double distance(float[] actual, double[] expected) {
    double difference = 0;
    double norm = 1e-30;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void statisticsMoveByNotOneBitUnlessThePassSaysSo() {
    Case c = Case.of(Case.residual(Normaliser.BATCH), 4);
    try (var model = new GraphModel(c.network())) {
      float[] before = floats(c.statistics());
      assertThat(Outcome.of(model, c, Pass.FROZEN).statistics).isEqualTo(before);
      assertThat(Outcome.of(model, c, Pass.KEEPING).statistics).isEqualTo(before);
      assertThat(Outcome.of(model, c, Pass.TRAINING).statistics).isNotEqualTo(before);
    }
  }

  @Test
  void equalArgumentsGiveEqualBitsWhateverWasComputedBefore() {
    Case large = Case.of(Case.residual(Normaliser.BATCH), 7);
    Case small = Case.of(Case.residual(Normaliser.BATCH), 2);
    try (var model = new GraphModel(large.network())) {
      Pass pass = Pass.TRAINING.withPenalty(0.3);
      Outcome first = Outcome.of(model, large, pass);
      Outcome.of(model, small, Pass.FROZEN);
      Outcome.of(model, large, Pass.KEEPING);
      assertThat(Outcome.of(model, large, pass)).usingRecursiveComparison().isEqualTo(first);
      assertThat(model.penalty()).isPositive();
      Outcome.of(model, large, Pass.TRAINING);
      assertThat(model.penalty()).isZero();
    }
  }

  @Test
  void twoThreadsGiveTheBitsOfOne() throws Exception {
    Network network = Case.residual(Normaliser.BATCH);
    List<Callable<List<Outcome>>> tasks = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      tasks.add(
          () -> {
            List<Outcome> outcomes = new ArrayList<>();
            try (var model = new GraphModel(network)) {
              for (int size = 2; size < 20; size++) {
                outcomes.add(Outcome.of(model, Case.of(network, size), Pass.TRAINING));
              }
            }
            return outcomes;
          });
    }
    List<Outcome> serial = tasks.get(0).call();
    var threads = Executors.newFixedThreadPool(2);
    try {
      for (var concurrent : threads.invokeAll(tasks)) {
        assertThat(concurrent.get()).usingRecursiveComparison().isEqualTo(serial);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void refusesBatchesItCannotCompute() {
    Case c = Case.of(Case.odd(), 1);
    try (var model = new GraphModel(c.network())) {
      assertThatThrownBy(() -> Outcome.of(model, c, Pass.TRAINING))
          .hasMessageContaining("two values a channel");
      Outcome.of(model, c, Pass.FROZEN);
      var empty = new Case(c.network(), c.weights(), c.statistics(), new Batch(3, 220));
      assertThatThrownBy(() -> Outcome.of(model, empty, Pass.FROZEN))
          .hasMessageContaining("0 images");
    }
  }

  private record Outcome(double value, float[] gradient, float[] statistics, float[] logits) {
    static Outcome of(GraphModel model, Case c, Pass pass) {
      float[] weights = floats(c.weights());
      float[] statistics = floats(c.statistics());
      float[] gradient = new float[weights.length];
      float[] logits = new float[c.batch().size() * c.network().classes()];
      model.logits(weights, statistics, c.batch(), logits);
      double value =
          model.gradient(weights, statistics, c.batch(), pass, CrossEntropy.INSTANCE, gradient);
      return new Outcome(value, gradient, statistics, logits);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
