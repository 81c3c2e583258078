package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.fedlayers.federated.ClientUpdate;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.ServerState;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;

class DivergenceMeterTest {
  private static final List<Tensor> PLANE =
      List.of(new Tensor(1, "w", Tensor.Role.KERNEL, new int[] {2}, 0, 2, 2));

  @Test
  void twoClientsAtRightAnglesByHand() {
    // Updates (3,0) and (0,4) from (1,1): the mean of the weights is (2.5, 3), each is 2.5 away
    // from it.
    Divergence d =
        DivergenceMeter.measure(
            new float[] {1, 1}, List.of(new float[] {3, 0}, new float[] {0, 4}), PLANE);
    assertThat(d.absolute()).isCloseTo(2.5, within(1e-12));
    assertThat(d.relative()).isCloseTo(2.5 / Math.sqrt(2.5 * 2.5 + 9), within(1e-12));
    assertThat(d.update()).isCloseTo(2.5 / Math.sqrt((9 + 16) / 2.0), within(1e-12));
    assertThat(d.cosine()).isCloseTo(1, within(1e-12));
    assertThat(d.perWeight()).isCloseTo(2.5 / Math.sqrt(2), within(1e-12));
  }

  @Test
  void clientsThatMoveAlikeDoNotDiverge() {
    float[] same = {0.5f, -2};
    Divergence d = DivergenceMeter.measure(new float[] {1, 1}, List.of(same, same, same), PLANE);
    assertThat(d.absolute()).isZero();
    assertThat(d.update()).isZero();
    assertThat(d.cosine()).isCloseTo(0, within(1e-12));
  }

  @Test
  void oppositeClientsAreAsFarApartAsCanBe() {
    Divergence d =
        DivergenceMeter.measure(
            new float[] {1, 1}, List.of(new float[] {1, 2}, new float[] {-1, -2}), PLANE);
    assertThat(d.update()).isCloseTo(1, within(1e-12));
    assertThat(d.cosine()).isCloseTo(2, within(1e-12));
  }

  @Test
  void sharesOfNothingAreNoNumbers() {
    float[] there = {1, 2};
    float[] back = {-1, -2};
    Divergence around = DivergenceMeter.measure(new float[2], List.of(there, back), PLANE);
    assertThat(around.relative()).as("to weights of zero").isNaN();
    assertThat(around.absolute()).isPositive();
    Divergence still = DivergenceMeter.measure(there, List.of(new float[2], new float[2]), PLANE);
    assertThat(still).isEqualTo(new Divergence(0, 0, Double.NaN, Double.NaN, 0));
  }

  @Test
  void featuresAreComparedRoundByRound() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.TANH, 5), 20, 4);
    float[] weights = tiny.floatWeights();
    var meter = new DivergenceMeter(tiny.network(), round -> true, tiny.sample(), 1);
    for (int round = 0; round < 2; round++) {
      var start = new ServerState(round, 0, 0, weights, new float[0], weights, Map.of());
      meter.roundStarted(start);
      for (int client = 0; client < 3; client++) {
        Tiny other = Tiny.of(tiny.network(), 1, client);
        float[] delta = round == 0 ? other.floatWeights() : new float[weights.length];
        meter.clientUpdated(
            new ClientUpdate(client, 1, 1, 1, 0, 0, delta, new float[0], Map.of(), Map.of()));
      }
      meter.roundEnded(start, new RoundReport(round, new int[] {0, 1, 2}, 0.1, 1, 0));
    }
    List<DivergenceMeter.Measured> model =
        meter.take().stream().filter(m -> m.part() == DivergenceMeter.Part.MODEL).toList();
    assertThat(model.get(0).cka()).isLessThan(0.95);
    assertThat(model.get(1).cka()).as("of equal clients").isCloseTo(1, within(1e-9));
  }

  @Test
  void kernelsAndAffineAreReportedApartAndTheModelIsTheMeanOfItsKernelLayers() {
    var b = new NetworkBuilder("two", Shape.vector(2));
    var hidden = b.normalise("norm", b.dense("first", b.input(), 2), Normaliser.LAYER);
    Network network = b.logits(b.dense("last", hidden, 2));
    int n = network.weightCount();
    var meter = new DivergenceMeter(network, round -> round == 3, null, 1);
    for (int round = 2; round < 5; round++) {
      var start = new ServerState(round, 0, 0, new float[n], new float[0], new float[n], Map.of());
      meter.roundStarted(start);
      for (int client = 0; client < 3; client++) {
        float[] delta = new float[n];
        for (int i = 0; i < n; i++) {
          delta[i] = (float) Math.sin(1 + i * (client + 1));
        }
        meter.clientUpdated(
            new ClientUpdate(client, 1, 1, 1, 0, 0, delta, new float[0], Map.of(), Map.of()));
      }
      meter.roundEnded(start, new RoundReport(round, new int[] {0, 1, 2}, 0.1, 1, 0));
    }
    List<DivergenceMeter.Measured> measured = meter.take();
    assertThat(measured)
        .extracting(DivergenceMeter.Measured::layer)
        .containsExactly("first", "norm", "last", "model");
    assertThat(measured).allMatch(line -> line.round() == 3);
    var model = measured.get(3).divergence();
    double first = measured.get(0).divergence().update();
    double last = measured.get(2).divergence().update();
    assertThat(model.update()).isCloseTo((first + last) / 2, within(1e-12));
    assertThat(measured.get(1).part()).isEqualTo(DivergenceMeter.Part.AFFINE);
    assertThat(meter.take()).as("taken before").isEmpty();
  }
}
