package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs of a network, on a device of plain loops, against the oracle: what is compiled, where it
 * lies, how offsets and the order of contributions are. What runs on a card is held by {@link
 * CardTest}.
 */
class CudaModelTest {
  private static final Normaliser[] NORMALISERS = {
    Normaliser.BATCH, Normaliser.group(2), Normaliser.LAYER, Normaliser.INSTANCE
  };

  static List<Network> networks() {
    List<Network> networks = new ArrayList<>(List.of(Case.odd()));
    Stream.of(NORMALISERS).map(Case::residual).forEach(networks::add);
    for (String name : List.of("man-cnn", "resnet-8", "divergence-cnn")) {
      networks.add(Networks.of(new Shape(3, 16, 16), 7).with("width", 0.125).named(name));
    }
    return networks;
  }

  static List<Pass> passes() {
    List<Pass> passes = new ArrayList<>();
    for (Pass.Statistics statistics : CardAgreement.STATISTICS) {
      passes.add(new Pass(statistics, 0));
      passes.add(new Pass(statistics, 0.5));
    }
    return passes;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithTheOracleInEveryPassAndBatch(Network network) {
    try (var model = new CudaModel(network, new NaiveDevice())) {
      for (int size : new int[] {5, 2, 3}) {
        for (Pass pass : passes()) {
          compare(model, Case.of(network, size), pass);
        }
      }
    }
  }

  private static void compare(CudaModel model, Case c, Pass pass) {
    NaiveNetwork.Result expected = c.naive(pass);
    Case.Outcome found = c.on(model, pass);
    String what = c.network() + " " + pass + " " + c.batch().size();
    assertThat(found.value()).as(what).isCloseTo(expected.value(), within(1e-4));
    assertThat(found.penalty()).as(what).isCloseTo(expected.penalty(), within(1e-5));
    assertThat(Case.distance(found.gradient(), expected.gradient())).as(what).isLessThan(1e-4);
    assertThat(Case.distance(found.statistics(), expected.statistics())).as(what).isLessThan(1e-5);
    double[] logits =
        new NaiveNetwork(c.network())
            .logits(c.weights(), c.statistics(), c.pixels(), c.batch().size());
    assertThat(Case.distance(found.logits(), logits)).as(what).isLessThan(1e-4);
  }

  @Test
  void evaluatesMoreImagesThanOneRunTakes() {
    Network network = Case.residual(Normaliser.BATCH);
    Case c = Case.of(network, 251);
    try (var model = new CudaModel(network, new NaiveDevice())) {
      float[] logits = new float[251 * network.classes()];
      model.logits(Case.floats(c.weights()), Case.floats(c.statistics()), c.batch(), logits);
      double[] expected =
          new NaiveNetwork(network).logits(c.weights(), c.statistics(), c.pixels(), 251);
      assertThat(Case.distance(logits, expected)).isLessThan(1e-4);
    }
  }

  @Test
  void refusesBatchesItCannotCompute() {
    Network network = Case.residual(Normaliser.BATCH);
    Case full = Case.of(network, 2);
    var empty = new Batch(2, network.input().size());
    Case one = Case.of(Case.odd(), 1);
    try (var model = new CudaModel(one.network(), new NaiveDevice())) {
      assertThatThrownBy(() -> one.on(model, Pass.KEEPING))
          .hasMessageContaining("batch.dense normalises by batch, which needs two values");
      one.on(model, Pass.FROZEN);
    }
    try (var model = new CudaModel(network, new NaiveDevice())) {
      var wrong = new Case(network, full.weights(), full.statistics(), empty);
      assertThatThrownBy(() -> wrong.on(model, Pass.TRAINING))
          .hasMessageContaining("0 images in a batch of 2");
      float[] none = {};
      assertThatThrownBy(
              () ->
                  model.logits(
                      Case.floats(full.weights()), Case.floats(full.statistics()), empty, none))
          .hasMessageContaining("0 images in a batch of 2");
    }
  }

  @Test
  void saysWhatItLacks() {
    Network network = Case.residual(Normaliser.HYBRID);
    try (var model = new CudaModel(network, new NaiveDevice())) {
      assertThatThrownBy(() -> Case.of(network, 2).on(model, Pass.TRAINING))
          .hasMessageContaining("--executor plan");
    }
    Network plain = Case.residual(Normaliser.BATCH);
    try (var model = new CudaModel(plain, new NaiveDevice())) {
      assertThatThrownBy(() -> Case.of(plain, 2).on(model, Pass.COLLECTING))
          .hasMessageContaining("no FBN")
          .hasMessageContaining("--executor plan");
    }
  }
}
