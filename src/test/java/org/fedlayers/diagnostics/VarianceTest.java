package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.graph.GraphModel;
import org.junit.jupiter.api.Test;

/** Variances by their definition, from gradients by plain loops. */
class VarianceTest {

  private static double variance(List<double[]> vectors, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      int at = i;
      double mean = vectors.stream().mapToDouble(v -> v[at]).average().orElseThrow();
      sum += vectors.stream().mapToDouble(v -> Math.pow(v[at] - mean, 2)).average().orElseThrow();
    }
    return sum;
  }

  private static double squareOfMean(List<double[]> vectors, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      int at = i;
      sum += Math.pow(vectors.stream().mapToDouble(v -> v[at]).average().orElseThrow(), 2);
    }
    return sum;
  }

  private static Sample part(Sample sample, int from, int to) {
    int each = sample.imageSize();
    return new Sample(
        "client",
        Arrays.copyOfRange(sample.pixels(), from * each, to * each),
        Arrays.copyOfRange(sample.labels(), from, to));
  }

  @Test
  void gradientsOfClientsAtTheSameWeights() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.BATCH, Layer.Function.TANH), 120, 4);
    // The second client's images take two batches.
    List<Sample> clients =
        List.of(
            part(tiny.sample(), 0, 5), part(tiny.sample(), 5, 110), part(tiny.sample(), 110, 120));
    List<GradientVariance> measured =
        GradientVariance.measure(
            () -> new GraphModel(tiny.network()),
            tiny.floatWeights(),
            tiny.floatStatistics(),
            clients);
    List<double[]> gradients = new ArrayList<>();
    for (Sample client : clients) {
      Tiny own = new Tiny(tiny.network(), tiny.weights(), tiny.statistics(), client);
      gradients.add(own.naive(tiny.weights()).gradient());
    }
    List<Node> layers = tiny.network().kernelLayers();
    assertThat(measured).hasSameSizeAs(layers);
    for (int i = 0; i < layers.size(); i++) {
      List<Tensor> own = tiny.network().weightsOf(layers.get(i).index());
      int from = own.get(0).offset();
      int to = own.get(own.size() - 1).end();
      double variance = variance(gradients, from, to);
      double relative = variance / squareOfMean(gradients, from, to);
      Spread spread = measured.get(i).spread();
      assertThat(measured.get(i).layer()).isEqualTo(layers.get(i).name());
      assertThat(spread.variance()).isCloseTo(variance, within(1e-4 * variance));
      assertThat(spread.relative()).isCloseTo(relative, within(1e-4 * relative));
      assertThat(spread.perEntry() * (to - from)).isCloseTo(variance, within(1e-4 * variance));
    }
  }

  @Test
  void whatFlowsBackFromNoisyCopiesOfAnImage() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.TANH, 5, 4), 2, 4);
    var randomness = new Randomness(9);
    List<DeltaVariance> measured =
        DeltaVariance.measure(
            () -> new GraphModel(tiny.network()),
            tiny.floatWeights(),
            tiny.sample(),
            0.3,
            6,
            randomness);
    List<Node> layers = tiny.network().kernelLayers();
    for (int i = 0; i < layers.size(); i++) {
      Tensor bias = tiny.network().weightsOf(layers.get(i).index()).get(1);
      double variance = 0;
      double square = 0;
      for (int image = 0; image < 2; image++) {
        List<double[]> gradients = new ArrayList<>();
        for (int copy = 0; copy < 6; copy++) {
          var batch = DeltaVariance.noisy(tiny.sample(), image, copy, 0.3, randomness);
          Sample one = new Sample("copy", batch.pixels(), batch.labels());
          Tiny own = new Tiny(tiny.network(), tiny.weights(), tiny.statistics(), one);
          gradients.add(own.naive(tiny.weights()).gradient());
        }
        variance += variance(gradients, bias.offset(), bias.end()) / 2;
        square += squareOfMean(gradients, bias.offset(), bias.end()) / 2;
      }
      assertThat(measured.get(i).layer()).isEqualTo(layers.get(i).name());
      assertThat(measured.get(i).variance()).isCloseTo(variance, within(1e-4 * variance));
      assertThat(measured.get(i).relative())
          .isCloseTo(variance / square, within(1e-4 * variance / square));
    }
  }

  @Test
  void noiseHasTheDeviationAskedFor() {
    Sample sample = new Sample("zeros", new float[10_000], new int[1]);
    float[] noise = DeltaVariance.noisy(sample, 0, 0, 0.3, new Randomness(1)).pixels();
    double square = 0;
    for (float value : noise) {
      square += (double) value * value / noise.length;
    }
    assertThat(Math.sqrt(square)).isCloseTo(0.3, within(0.01));
  }

  @Test
  void refusesNetworksWhoseDeltaIsNoBiasGradient() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.NONE, Layer.Function.RELU), 2, 4);
    assertThatThrownBy(
            () ->
                DeltaVariance.measure(
                    () -> new GraphModel(tiny.network()),
                    tiny.floatWeights(),
                    tiny.sample(),
                    0.3,
                    3,
                    new Randomness(1)))
        .hasMessageContaining("chain of dense layers");
  }
}
