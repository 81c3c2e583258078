package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;

/** Held against HSIC by its definition, on what plain loops put out, pair by pair. */
class FeatureAlignmentTest {

  @Test
  void isTheMeanOverPairsOfCkaByItsDefinition() {
    Network network = Tiny.everyKind(Normaliser.BATCH, Layer.Function.RELU);
    // Chunks of 50, 50 and 20, and 2 that are left over.
    ImageSample sample = Tiny.of(network, 122, 1).sample();
    var alignment = new FeatureAlignment(network, sample, 2);
    List<Tiny> models = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      Tiny tiny = Tiny.of(network, 1, seed);
      models.add(tiny);
      alignment.add(tiny.model());
    }
    double[] means = alignment.means();
    List<Node> layers = network.kernelLayers();
    assertThat(means).hasSameSizeAs(layers);
    for (int layer = 0; layer < means.length; layer++) {
      double mean = 0;
      for (int[] pair : new int[][] {{0, 1}, {0, 2}, {1, 2}}) {
        double[][] one = features(models.get(pair[0]), sample, layers.get(layer));
        double[][] other = features(models.get(pair[1]), sample, layers.get(layer));
        double cka = hsic(one, other) / Math.sqrt(hsic(one, one) * hsic(other, other));
        mean += cka / 3;
      }
      assertThat(means[layer]).as(layers.get(layer).name()).isCloseTo(mean, within(1e-5));
    }
    assertThat(Arrays.stream(means).min().orElseThrow()).as("not trivial").isLessThan(0.9);
  }

  @Test
  void equalModelsAreAlikeAndOneIsComparedWithNone() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.NONE, Layer.Function.TANH), 60, 4);
    var alignment = new FeatureAlignment(tiny.network(), tiny.sample(), 1);
    alignment.add(tiny.model());
    assertThat(alignment.means()).containsOnly(Double.NaN);
    for (int i = 0; i < 3; i++) {
      alignment.add(tiny.model());
    }
    for (double mean : alignment.means()) {
      assertThat(mean).isCloseTo(1, within(1e-9));
    }
  }

  /** The usual HSIC of so many random units would be near 1. */
  @Test
  void unrelatedWideLayersAreNotAlike() {
    var b = new NetworkBuilder("wide", Shape.vector(4000));
    Network network = b.logits(b.dense("logits", b.input(), 2000));
    double sum = 0;
    for (int pair = 0; pair < 5; pair++) {
      Tiny tiny = Tiny.of(network, 50, pair);
      float[] own = tiny.floatWeights().clone();
      float[] other = own.clone();
      // A unit's 4,000 weights lie side by side: each model sees other inputs.
      for (int i = 0; i < 2000 * 4000; i++) {
        (i % 4000 < 2000 ? own : other)[i] = 0;
      }
      var alignment = new FeatureAlignment(network, tiny.sample(), 1);
      alignment.add(new Federation.ModelState(own, new float[0]));
      alignment.add(new Federation.ModelState(other, new float[0]));
      sum += alignment.means()[0] / 5;
    }
    assertThat(sum).isCloseTo(0, within(0.1));
  }

  private static double[][] features(Tiny tiny, ImageSample sample, Node layer) {
    double[] pixels = new double[sample.pixels().length];
    Arrays.setAll(pixels, i -> sample.pixels()[i]);
    double[] values =
        new NaiveNetwork(tiny.network())
            .output(layer, tiny.weights(), tiny.statistics(), pixels, sample.size());
    int size = layer.shape().size();
    double[][] features = new double[sample.size()][];
    Arrays.setAll(features, i -> Arrays.copyOfRange(values, i * size, (i + 1) * size));
    return features;
  }

  /** Song et al., JMLR 2012, equation 5, times n (n - 3), chunk by chunk. */
  private static double hsic(double[][] one, double[][] other) {
    double sum = 0;
    for (int from = 0; from + 4 <= one.length; from += 50) {
      int to = Math.min(from + 50, one.length);
      double[][] k = products(Arrays.copyOfRange(one, from, to));
      double[][] l = products(Arrays.copyOfRange(other, from, to));
      int n = to - from;
      double trace = 0;
      double allOfK = 0;
      double allOfL = 0;
      double chained = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          trace += k[i][j] * l[j][i];
          allOfK += k[i][j];
          allOfL += l[i][j];
          for (int m = 0; m < n; m++) {
            chained += k[i][m] * l[m][j];
          }
        }
      }
      sum += trace + allOfK * allOfL / ((n - 1.0) * (n - 2)) - 2 * chained / (n - 2);
    }
    return sum;
  }

  private static double[][] products(double[][] features) {
    int n = features.length;
    double[][] products = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; i != j && k < features[i].length; k++) {
          products[i][j] += features[i][k] * features[j][k];
        }
      }
    }
    return products;
  }
}
