package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.WatchedModel;
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

  private static ImageSample part(ImageSample sample, int from, int to) {
    int each = sample.imageSize();
    return new ImageSample(
        "client",
        Arrays.copyOfRange(sample.pixels(), from * each, to * each),
        Arrays.copyOfRange(sample.labels(), from, to));
  }

  @Test
  void gradientsOfClientsAtTheSameWeights() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.BATCH, Layer.Function.TANH), 120, 4);
    // The second client's images take two batches.
    List<ImageSample> clients =
        List.of(
            part(tiny.sample(), 0, 5), part(tiny.sample(), 5, 110), part(tiny.sample(), 110, 120));
    List<String> calls = new ArrayList<>();
    List<GradientVariance> measured =
        GradientVariance.measure(
            () -> WatchedModel.of(new GraphModel(tiny.network()), calls::add),
            tiny.model(),
            3,
            k -> {
              calls.add("client " + k);
              return clients.get(k);
            });
    assertThat(calls.stream().filter(call -> !call.equals("network")))
        .containsExactly(
            "client 0",
            "gradient",
            "client 1",
            "gradient",
            "gradient",
            "client 2",
            "gradient",
            "close");
    List<double[]> gradients = new ArrayList<>();
    for (ImageSample client : clients) {
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
      GradientVariance spread = measured.get(i);
      assertThat(measured.get(i).layer()).isEqualTo(layers.get(i).name());
      assertThat(spread.variance()).isCloseTo(variance, within(1e-4 * variance));
      assertThat(spread.relative()).isCloseTo(relative, within(1e-4 * relative));
      assertThat(spread.perEntry() * (to - from)).isCloseTo(variance, within(1e-4 * variance));
    }
  }

  @Test
  void aShareOfNothingIsNotInfinite() {
    assertThat(Divergence.ratio(5, 0)).isNaN();
    assertThat(Divergence.ratio(5, 2)).isEqualTo(2.5);
  }
}
