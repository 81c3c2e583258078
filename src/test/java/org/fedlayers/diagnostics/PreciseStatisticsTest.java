package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.graph.GraphModel;
import org.junit.jupiter.api.Test;

/** Against plain loops: two batches of unequal size, and the law of total variance. */
class PreciseStatisticsTest {
  private static final int BATCH = 100;

  /** From running statistics that are no zeros, which must not matter. */
  private static double[] ofBatch(Tiny tiny, int from, int to) {
    int each = tiny.sample().imageSize();
    double[] pixels = new double[(to - from) * each];
    Arrays.setAll(pixels, i -> tiny.sample().pixels()[from * each + i]);
    double[] moved =
        new NaiveNetwork(tiny.network())
            .gradient(
                tiny.weights(),
                tiny.statistics(),
                pixels,
                Arrays.copyOfRange(tiny.sample().labels(), from, to),
                to - from,
                Pass.TRAINING,
                CrossEntropy.INSTANCE)
            .statistics();
    Arrays.setAll(moved, i -> 10 * moved[i] - 9 * tiny.statistics()[i]);
    return moved;
  }

  /** 101 images in batches of 100 would leave one, which has no variance on maps of one pixel. */
  @Test
  void noBatchIsASingleImage() {
    var b = new NetworkBuilder("vectors", Shape.vector(4));
    Node x = b.normalise("norm", b.dense("dense", b.input(), 5), Normaliser.BATCH);
    Network network = b.logits(b.dense("logits", b.relu("act", x), 3));
    Tiny tiny = Tiny.of(network, 101, 5);
    float[] measured =
        PreciseStatistics.of(() -> new GraphModel(network), tiny.floatWeights(), tiny.sample());
    double[] first = ofBatch(tiny, 0, 50);
    double[] second = ofBatch(tiny, 50, 101);
    for (int c = 0; c < 5; c++) {
      double mean = (50 * first[c] + 51 * second[c]) / 101;
      assertThat((double) measured[c]).isCloseTo(mean, within(1e-4));
    }
  }

  @Test
  void areThoseOfTheSampleWhateverRunningStatisticsWere() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.BATCH, Layer.Function.TANH), 140, 5);
    float[] measured =
        PreciseStatistics.of(
            () -> new GraphModel(tiny.network()), tiny.floatWeights(), tiny.sample());
    double[] first = ofBatch(tiny, 0, BATCH);
    double[] second = ofBatch(tiny, BATCH, 140);
    assertThat(measured).hasSameSizeAs(first);
    double p = BATCH / 140.0;
    for (Tensor tensor : tiny.network().statistics()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        double expected = p * first[i] + (1 - p) * second[i];
        if (tensor.role() == Tensor.Role.VARIANCE) {
          int mean = i - tensor.size();
          expected += p * (1 - p) * Math.pow(first[mean] - second[mean], 2);
        }
        assertThat((double) measured[i])
            .as(tensor.name() + " " + i)
            .isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
      }
    }
  }
}
