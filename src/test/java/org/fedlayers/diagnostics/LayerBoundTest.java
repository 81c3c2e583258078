package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against eigenvalues of blocks of the Hessian, which know nothing of activations. */
class LayerBoundTest {

  private static Curvature curvature(Tiny tiny) {
    return new Curvature(tiny.hessian(), 1e-9, 200, 20, new Randomness(1));
  }

  private static double[] values(List<Curvature.Measured> rows) {
    return rows.stream().mapToDouble(Curvature.Measured::value).toArray();
  }

  /** Convolutions whose kernels cover the whole image are dense layers by another name. */
  private static Network covering() {
    var b = new NetworkBuilder("covering", new Shape(2, 3, 3));
    var x = b.convolution("conv", b.input(), new Layer.Convolution(5, 3, 1, 0, 1, true));
    x = b.activate("act", x, Layer.Function.RELU);
    x = b.convolution("point", x, new Layer.Convolution(4, 1, 1, 0, 1, false));
    return b.logits(b.dense("logits", b.activate("act2", x, Layer.Function.RELU), 3));
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 8, 11})
  void ofOneImageAndDenseLayersItIsTheEigenvalueItself(long seed) {
    for (Network network : List.of(Tiny.perceptron(Layer.Function.RELU, 6, 5), covering())) {
      Curvature one = curvature(Tiny.of(network, 1, seed));
      assertThat(values(one.bounds())).containsExactly(values(one.layers()), within(1e-9));
      assertThat(values(one.bounds())[0]).isGreaterThan(1e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5})
  void boundsEveryLayerWithBatchNormalisationInEvaluationMode(long seed) {
    Network network = Tiny.everyKind(Normaliser.BATCH, Layer.Function.RELU);
    Curvature curvature = curvature(Tiny.of(network, 6, seed));
    double[] bounds = values(curvature.bounds());
    double[] layers = values(curvature.layers());
    assertThat(bounds).hasSameSizeAs(layers);
    for (int i = 0; i < bounds.length; i++) {
      assertThat(bounds[i]).isGreaterThanOrEqualTo(layers[i] * (1 - 1e-9));
    }
  }

  @Test
  void twiceTheImagesInAPatchCountTwice() {
    // Stride 1 over a plane of ones: every patch of 2 x 2 has a square of 4, and a 1 for the bias.
    var b = new NetworkBuilder("patches", new Shape(1, 3, 3));
    var x = b.convolution("conv", b.input(), new Layer.Convolution(1, 2, 1, 0, 1, true));
    Network network = b.logits(b.dense("logits", x, 2));
    Tiny random = Tiny.of(network, 1, 4);
    float[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    ImageSample sample = new ImageSample("ones", ones, new int[] {0});
    Tiny tiny = new Tiny(network, random.weights(), random.statistics(), sample);
    // G of the four outputs has rank 1: s |w_0 - w_1|^2 with s = p (1 - p).
    double[] w = tiny.weights();
    double squared = 0;
    double z = 0;
    double out = w[0] + w[1] + w[2] + w[3] + w[4];
    for (int i = 0; i < 4; i++) {
      double difference = w[5 + i] - w[9 + i];
      squared += difference * difference;
      z += difference * out;
    }
    double p = 1 / (1 + Math.exp(-(z + w[13] - w[14])));
    assertThat(curvature(tiny).bounds().get(0).value())
        .isCloseTo(4 * (4 + 1) * p * (1 - p) * squared, within(1e-9));
  }

  @Test
  void isNotClaimedWhereItDoesNotHold() {
    assertThat(curvature(Tiny.of(Tiny.perceptron(Layer.Function.TANH, 5), 2, 1)).bounds())
        .isEmpty();
    Network grouped = Tiny.everyKind(Normaliser.group(2), Layer.Function.RELU);
    assertThat(curvature(Tiny.of(grouped, 2, 1)).bounds()).isEmpty();
  }
}
