package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exact products against differences of gradients that share no code with them. */
class HessianTest {

  static Stream<Network> networks() {
    return Stream.of(
            Normaliser.NONE,
            Normaliser.BATCH,
            Normaliser.group(2),
            Normaliser.LAYER,
            Normaliser.INSTANCE,
            Normaliser.HYBRID)
        .flatMap(
            normaliser ->
                Stream.of(Layer.Function.values())
                    .map(function -> Tiny.everyKind(normaliser, function)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isTheDerivativeOfTheGradient(Network network) {
    Tiny tiny = Tiny.of(network, 3, 11);
    // Far from every ReLU's kink, so that differences see one side.
    assertThat(tiny.naive(tiny.weights()).smallestInput()).isGreaterThan(2e-5);
    double[][] expected = tiny.hessianByDifferences(1e-6);
    Hessian hessian = tiny.hessian();
    double[][] columns = new double[tiny.weights().length][];
    for (int j = 0; j < columns.length; j++) {
      columns[j] = hessian.whole().times(Tiny.unit(columns.length, j));
      assertThat(columns[j]).as("column %d", j).containsExactly(expected[j], within(1e-7));
    }
    for (Node node : network.nodes()) {
      for (Tensor tensor : network.weightsOf(node.index()).stream().limit(1).toList()) {
        checkBlock(hessian.block(node), tensor.offset(), columns);
      }
    }
    assertThat(hessian.loss()).isCloseTo(tiny.naive(tiny.weights()).value(), within(1e-12));
  }

  private static void checkBlock(SymmetricOperator block, int first, double[][] columns) {
    for (int j = 0; j < block.size(); j += 11) {
      double[] expected = Arrays.copyOfRange(columns[first + j], first, first + block.size());
      assertThat(block.times(Tiny.unit(block.size(), j))).containsExactly(expected, within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void inFloatIsCloseToDouble(Network network) {
    Tiny tiny = Tiny.of(network, 3, 11);
    double[] direction = new Random(5).doubles(network.weightCount(), -1, 1).toArray();
    double[] expected = tiny.hessian().whole().times(direction);
    Hessian hessian = new Hessian(network, tiny.model(), tiny.sample(), 1);
    double[] actual = hessian.whole().times(direction);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
    assertThat(hessian.loss()).isCloseTo(tiny.hessian().loss(), within(1e-5));
  }

  @Test
  void chunksAddUpToTheSampleOnAnyNumberOfThreads() {
    Network network = Tiny.everyKind(Normaliser.group(2), Layer.Function.RELU);
    Tiny many = Tiny.of(network, 130, 3);
    double[] direction = new Random(5).doubles(network.weightCount(), -1, 1).toArray();
    double[] product = many.hessian().whole().times(direction);
    double[] sum = new double[product.length];
    int each = network.input().size();
    for (int i = 0; i < many.sample().size(); i++) {
      ImageSample one =
          new ImageSample(
              "one",
              Arrays.copyOfRange(many.sample().pixels(), i * each, (i + 1) * each),
              new int[] {many.sample().labels()[i]});
      double[] part =
          new Tiny(network, many.weights(), many.statistics(), one)
              .hessian()
              .whole()
              .times(direction);
      for (int j = 0; j < sum.length; j++) {
        sum[j] += part[j] / many.sample().size();
      }
    }
    assertThat(product).containsExactly(sum, within(1e-12));
    Hessian threads = many.hessian(3);
    assertThat(threads.whole().times(direction)).isEqualTo(product);
    assertThat(threads.loss()).isEqualTo(many.hessian().loss());
  }

  /** 189,000 values an image, of which 44 images fit a pass. */
  @Test
  void aGroupOfImagesMayTakeSeveralPasses() {
    var b = new NetworkBuilder("large", new Shape(1, 120, 120));
    Node x = b.convolution("conv", b.input(), 4, 3, 1);
    x = b.relu("act", b.normalise("norm", x, Normaliser.BATCH));
    Network network = b.logits(b.dense("logits", b.globalAverage("average", x), 3));
    Tiny tiny = Tiny.of(network, 60, 2);
    List<Node> layers = network.kernelLayers();
    List<List<double[]>> groups = new ArrayList<>();
    tiny.hessian().outputs(50, layers, outputs -> outputs, groups::add);
    assertThat(groups).hasSize(2);
    double[] pixels = Case.doubles(tiny.sample().pixels());
    for (int i = 0; i < layers.size(); i++) {
      double[] all = ArrayUtils.addAll(groups.get(0).get(i), groups.get(1).get(i));
      double[] expected =
          new NaiveNetwork(network)
              .output(layers.get(i), tiny.weights(), tiny.statistics(), pixels, 60);
      assertThat(all).hasSameSizeAs(expected);
      double largest = 0; // of millions, which AssertJ compares in hours
      for (int j = 0; j < all.length; j++) {
        largest = Math.max(largest, Math.abs(all[j] - expected[j]));
      }
      assertThat(largest).isLessThan(1e-10);
    }
  }

  @Test
  void refusesStandardisedWeightsWhichItDoesNotStandardise() {
    Network network = Tiny.everyKind(Normaliser.NONE, Layer.Function.RELU).standardised();
    assertThatThrownBy(() -> Tiny.of(network, 3, 11).hessian())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("standardises its weights");
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.RELU, 3), 2, 1);
    assertThatThrownBy(() -> tiny.hessian().whole().times(new double[2]))
        .hasMessageContaining("2 numbers");
    ImageSample other = new ImageSample("other", new float[3], new int[1]);
    assertThatThrownBy(() -> new Hessian(tiny.network(), tiny.model(), other, 1))
        .hasMessageContaining("images of 3 values");
  }
}
