package org.fedlayers.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Case.Outcome;
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
          Outcome actual = c.on(single, new Pass(mode, 0.7));
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
          assertThat(Math.abs(actual.value() - value) / value).isLessThan(1e-5);
          assertThat(Case.distance(actual.gradient(), gradient)).as("%s", mode).isLessThan(1e-4);
          assertThat(Case.distance(actual.statistics(), statistics)).isLessThan(1e-6);
          double[] logits = new double[size * network.classes()];
          twin.logits(c.weights(), c.statistics(), c.batch(), logits);
          assertThat(Case.distance(actual.logits(), logits)).isLessThan(1e-5);
        }
      }
    }
  }

  @Test
  void statisticsMoveByNotOneBitUnlessThePassSaysSo() {
    Case c = Case.of(Case.residual(Normaliser.BATCH), 4);
    try (var model = new GraphModel(c.network())) {
      float[] before = Case.floats(c.statistics());
      assertThat(c.on(model, Pass.FROZEN).statistics()).isEqualTo(before);
      assertThat(c.on(model, Pass.KEEPING).statistics()).isEqualTo(before);
      assertThat(c.on(model, Pass.TRAINING).statistics()).isNotEqualTo(before);
    }
  }

  @Test
  void equalArgumentsGiveEqualBitsWhateverWasComputedBefore() {
    Case large = Case.of(Case.residual(Normaliser.BATCH), 7);
    Case small = Case.of(Case.residual(Normaliser.BATCH), 2);
    try (var model = new GraphModel(large.network())) {
      Pass pass = Pass.TRAINING.withPenalty(0.3);
      Outcome first = large.on(model, pass);
      small.on(model, Pass.FROZEN);
      large.on(model, Pass.KEEPING);
      assertThat(large.on(model, pass)).usingRecursiveComparison().isEqualTo(first);
      double penalty = model.penalty();
      assertThat(penalty).isPositive();
      model.logits(
          Case.floats(large.weights()),
          Case.floats(large.statistics()),
          large.batch(),
          new float[7 * large.network().classes()]);
      assertThat(model.penalty()).as("the last gradient's").isEqualTo(penalty);
      large.on(model, Pass.TRAINING);
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
                outcomes.add(Case.of(network, size).on(model, Pass.TRAINING));
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
      assertThatThrownBy(() -> c.on(model, Pass.TRAINING))
          .hasMessageContaining("two values a channel");
      c.on(model, Pass.FROZEN);
      var empty = new Case(c.network(), c.weights(), c.statistics(), new Batch(3, 220));
      assertThatThrownBy(() -> empty.on(model, Pass.FROZEN)).hasMessageContaining("0 images");
    }
  }
}
