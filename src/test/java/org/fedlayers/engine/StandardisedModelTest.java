package org.fedlayers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.StandardisedModel;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weight standardisation on each executor, beside its definition in double precision. */
class StandardisedModelTest {

  /** Each filter less its mean, by its norm. */
  private static double[] standardised(Network network, double[] weights) {
    double[] all = weights.clone();
    for (Tensor tensor : network.weights()) {
      boolean convolution = network.node(tensor.node()).layer() instanceof Layer.Convolution;
      if (tensor.role() != Tensor.Role.KERNEL || !convolution) {
        continue;
      }
      int n = tensor.size() / tensor.dimensions()[0];
      for (int filter = 0; filter < tensor.dimensions()[0]; filter++) {
        int from = tensor.offset() + filter * n;
        double mean = 0;
        double squares = 0;
        for (int i = from; i < from + n; i++) {
          mean += weights[i] / n;
          squares += weights[i] * weights[i];
        }
        double norm = Math.sqrt(squares - n * mean * mean + 1e-4);
        for (int i = from; i < from + n; i++) {
          all[i] = 1.7128585504 * (weights[i] - mean) / norm;
        }
      }
    }
    return all;
  }

  private static double loss(Case c, double[] weights, Pass pass) {
    return new NaiveNetwork(c.network())
        .gradient(
            standardised(c.network(), weights),
            c.statistics().clone(),
            c.pixels(),
            c.batch().labels(),
            c.batch().size(),
            pass,
            CrossEntropy.INSTANCE)
        .value();
  }

  static Stream<Arguments> executors() {
    List<Arguments> all = new ArrayList<>();
    for (Executor executor : List.of(Executor.AUTO, Executor.GRAPH)) {
      for (Normaliser normaliser :
          List.of(Normaliser.NONE, Normaliser.BATCH, Normaliser.group(2))) {
        all.add(Arguments.of(executor, normaliser));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("executors")
  void gradientsAreThoseOfFiniteDifferences(Executor executor, Normaliser normaliser) {
    Case c = Case.of(Case.residual(normaliser).standardised(), 4);
    Pass pass = Pass.TRAINING.withPenalty(0.3);
    Case.Outcome outcome;
    try (var model = executor.models(c.network()).get()) {
      outcome = c.on(model, pass);
    }
    assertThat(outcome.value()).isCloseTo(loss(c, c.weights(), pass), within(1e-4));
    Random random = new Random(3);
    for (int direction = 0; direction < 8; direction++) {
      double[] ahead = c.weights().clone();
      double[] behind = c.weights().clone();
      double expected = 0;
      double norm = 0;
      for (int i = 0; i < ahead.length; i++) {
        double step = random.nextGaussian();
        ahead[i] += 1e-6 * step;
        behind[i] -= 1e-6 * step;
        expected += step * outcome.gradient()[i];
        norm += outcome.gradient()[i] * outcome.gradient()[i];
      }
      double found = (loss(c, ahead, pass) - loss(c, behind, pass)) / 2e-6;
      assertThat(expected).isCloseTo(found, within(3e-3 * Math.sqrt(norm)));
    }
  }

  @Test
  void everyNetworkWithConvolutionsTakesIt() {
    for (String name : Case.architectures()) {
      Network network = Networks.CIFAR_10.named(name);
      boolean convolutions =
          network.nodes().stream().anyMatch(node -> node.layer() instanceof Layer.Convolution);
      boolean takes = Networks.takes(name, "weight-standardisation");
      assertThat(takes).as(name).isEqualTo(convolutions);
      assertThat(network.isStandardised()).isFalse();
      if (takes) {
        Network standardised = Networks.CIFAR_10.with("weight-standardisation", true).named(name);
        assertThat(standardised.isStandardised()).isTrue();
        assertThat(standardised.weightCount()).isEqualTo(network.weightCount());
      }
    }
  }

  @Test
  void scaleAndMeanOfAFilterDoNotMatter() {
    Network network = Case.residual(Normaliser.NONE).standardised();
    Case c = Case.of(network, 3);
    double[] other = c.weights().clone();
    Tensor stem = network.weights().get(0);
    for (int i = stem.offset(); i < stem.end(); i++) {
      other[i] = 40 * other[i] + 3;
    }
    try (var model = Executor.GRAPH.models(network).get()) {
      assertThat(model).isInstanceOf(StandardisedModel.class);
      float[] logits = c.on(model, Pass.TRAINING).logits();
      float[] moved =
          new Case(network, other, c.statistics(), c.batch()).on(model, Pass.TRAINING).logits();
      assertThat(Case.distance(moved, Case.doubles(logits))).isLessThan(1e-3);
    }
  }
}
