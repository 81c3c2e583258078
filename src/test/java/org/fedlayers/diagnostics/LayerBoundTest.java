package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.dual.DualModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

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

  /** More classes than images fit a pass. */
  @Test
  void copiesOfTheImageMayTakeSeveralPasses() {
    var b = new NetworkBuilder("classes", Shape.vector(4));
    var x = b.relu("act", b.dense("hidden", b.input(), 5));
    Curvature one = curvature(Tiny.of(b.logits(b.dense("logits", x, 60)), 1, 3));
    assertThat(values(one.bounds())).containsExactly(values(one.layers()), within(1e-9));
    Tiny tiny = Tiny.of(covering(), 1, 3);
    assertThat(inPassesOf(tiny, 2)).isEqualTo(inPassesOf(tiny, 3));
  }

  private static double[] inPassesOf(Tiny tiny, int length) {
    var model = new DualModel(tiny.network(), DataType.DOUBLE, tiny.weights(), tiny.statistics());
    try (var bound = new LayerBound(tiny.network())) {
      for (int from = 0; from < 3; from += length) {
        int before = from;
        IntStream copies = IntStream.range(from, Math.min(from + length, 3)).map(copy -> 0);
        model.run(
            tiny.sample().batch(copies),
            pass -> {
              bound.add(pass, before);
              return null;
            });
      }
      return bound.values();
    }
  }

  /** Of one whose probabilities but one are below 1e-12, the small matrix is nearly zero. */
  @Test
  void aConfidentImageHasASmallBound() {
    for (long seed = 0; seed < 200; seed++) {
      Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.RELU, 6), 1, seed);
      double[] weights = tiny.weights();
      for (int i = 0; i < 3; i++) {
        weights[weights.length - 3 + i] -= 15 * i + 20;
      }
      weights[weights.length - 3] = 20;
      for (double bound : values(curvature(tiny).bounds())) {
        assertThat(Math.abs(bound)).isLessThan(1e-6);
      }
    }
  }

  /** Against powers; of very confident images of a hundred classes decompositions give up. */
  @ParameterizedTest
  @ValueSource(ints = {1, 20, 120, 150})
  void theLargestEigenvalueIsFoundHoweverConfidentTheNetwork(int spread) {
    var random = new Random(3);
    double[] z = random.doubles(100).map(u -> spread * Math.log(u / (1 - u)) / 2).toArray();
    double top = DoubleStream.of(z).max().orElseThrow();
    double sum = DoubleStream.of(z).map(one -> Math.exp(one - top)).sum();
    RealMatrix root =
        LayerBound.root(DoubleStream.of(z).map(one -> Math.exp(one - top) / sum).toArray());
    RealMatrix j = MatrixUtils.createRealMatrix(100, 64);
    for (int entry = 0; entry < 6400; entry++) {
      j.setEntry(entry / 64, entry % 64, random.nextGaussian());
    }
    RealMatrix matrix = root.transpose().multiply(j.multiply(j.transpose())).multiply(root);
    RealVector vector = new ArrayRealVector(random.doubles(100).toArray());
    for (int power = 0; power < 300; power++) {
      vector = matrix.operate(vector.unitVector());
    }
    double expected = vector.getNorm();
    assertThat(LayerBound.largest(matrix)).isCloseTo(expected, within(1e-6 * expected));
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
