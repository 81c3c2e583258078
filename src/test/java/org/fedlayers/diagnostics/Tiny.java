package org.fedlayers.diagnostics;

import java.util.Arrays;
import java.util.Random;
import org.fedlayers.federated.Federation;
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
import org.nd4j.linalg.api.buffer.DataType;

/** A network small enough for its whole Hessian, with weights, statistics and images at random. */
record Tiny(Network network, double[] weights, double[] statistics, ImageSample sample) {

  static Tiny of(Network network, int images, long seed) {
    var random = new Random(seed);
    double[] weights = new double[network.weightCount()];
    for (Tensor tensor : network.weights()) {
      double centre = tensor.role() == Tensor.Role.SCALE ? 1 : 0;
      double spread = tensor.role() == Tensor.Role.KERNEL ? 1.5 / Math.sqrt(tensor.fanIn()) : 0.5;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        // Floats, so that both precisions mean the same weights.
        weights[i] = (float) (centre + spread * random.nextGaussian());
      }
    }
    double[] statistics = new double[network.statisticsCount()];
    for (Tensor tensor : network.statistics()) {
      boolean mean = tensor.role() == Tensor.Role.MEAN;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        statistics[i] = (float) (mean ? 0.3 * random.nextGaussian() : 0.5 + random.nextDouble());
      }
    }
    float[] pixels = new float[images * network.input().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    int[] labels = random.ints(images, 0, network.classes()).toArray();
    return new Tiny(network, weights, statistics, new ImageSample("random", pixels, labels));
  }

  /** Every kind of layer: stride, padding, dilation, both functions, pools that overlap, a skip. */
  static Network everyKind(Normaliser normaliser, Layer.Function function) {
    var b = new NetworkBuilder("every-kind", new Shape(1, 8, 7));
    Node x = b.convolution("stem", b.input(), new Layer.Convolution(4, 3, 1, 2, 2, true));
    x = b.activate("stem.act", b.normalise("stem.norm", x, normaliser), function);
    x = b.maxPool("max", x, 3, 2, 1);
    Node y = b.convolution("conv", x, new Layer.Convolution(4, 3, 2, 1, 1, false));
    y = b.activate("conv.act", b.normalise("conv.norm", y, normaliser), function);
    y = b.normalise("conv2.norm", b.convolution("conv2", y, 4, 1, 1), normaliser);
    Node skip = b.convolution("projection", x, new Layer.Convolution(4, 1, 2, 0, 1, true));
    x = b.activate("sum.act", b.add("sum", y, skip), function);
    Node pooled = b.globalAverage("average", x);
    Node dense = b.activate("dense.act", b.dense("dense", x, 4), function);
    return b.logits(b.dense("logits", b.add("join", dense, pooled), 3));
  }

  static Network perceptron(Layer.Function function, int... hidden) {
    var b = new NetworkBuilder("perceptron", Shape.vector(4));
    Node x = b.input();
    for (int i = 0; i < hidden.length; i++) {
      x = b.activate("act" + i, b.dense("fc" + i, x, hidden[i]), function);
    }
    return b.logits(b.dense("logits", x, 3));
  }

  Hessian hessian() {
    return hessian(1);
  }

  Hessian hessian(int threads) {
    return new Hessian(network, DataType.DOUBLE, weights, statistics, sample, threads);
  }

  Federation.ModelState model() {
    return new Federation.ModelState(floatWeights(), floatStatistics());
  }

  float[] floatWeights() {
    return floats(weights);
  }

  float[] floatStatistics() {
    return floats(statistics);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** By plain loops, in evaluation mode. */
  NaiveNetwork.Result naive(double[] at) {
    double[] pixels = new double[sample.pixels().length];
    Arrays.setAll(pixels, i -> sample.pixels()[i]);
    return new NaiveNetwork(network)
        .gradient(
            at,
            statistics,
            pixels,
            sample.labels(),
            sample.size(),
            Pass.FROZEN,
            CrossEntropy.INSTANCE);
  }

  /** The whole Hessian, column by column, from central differences of exact gradients. */
  double[][] hessianByDifferences(double step) {
    double[][] columns = new double[weights.length][];
    for (int j = 0; j < weights.length; j++) {
      double[] up = weights.clone();
      double[] down = weights.clone();
      up[j] += step;
      down[j] -= step;
      double[] above = naive(up).gradient();
      double[] below = naive(down).gradient();
      columns[j] = new double[weights.length];
      for (int i = 0; i < weights.length; i++) {
        columns[j][i] = (above[i] - below[i]) / (2 * step);
      }
    }
    return columns;
  }

  static double[] unit(int length, int index) {
    double[] unit = new double[length];
    unit[index] = 1;
    return unit;
  }
}
