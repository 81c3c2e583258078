package org.fedlayers.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fedlayers.data.Batch;
import org.fedlayers.options.Registry;

/** A network with weights, statistics and a batch drawn at random, for one comparison. */
public record Case(Network network, double[] weights, double[] statistics, Batch batch) {

  public static Case of(Network network, int size) {
    return of(network, size, 7);
  }

  public static Case of(Network network, int size, long seed) {
    var random = new Random(seed);
    double[] weights = new double[network.weightCount()];
    // Deep networks are drawn gently, or rounding would grow from layer to layer.
    double gain = Math.min(1, 10.0 / network.kernelLayers().size());
    for (Tensor tensor : network.weights()) {
      double centre = tensor.role() == Tensor.Role.SCALE ? gain : 0;
      double spread = tensor.role() == Tensor.Role.KERNEL ? 1.5 / Math.sqrt(tensor.fanIn()) : 0.5;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights[i] = (float) (centre + gain * spread * random.nextGaussian());
      }
    }
    double[] statistics = new double[network.statisticsCount()];
    for (Tensor tensor : network.statistics()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        boolean mean = tensor.role() == Tensor.Role.MEAN;
        statistics[i] = (float) (mean ? 0.3 * random.nextGaussian() : 0.5 + random.nextDouble());
      }
    }
    // A batch larger than what it holds, so that the rest is seen to be ignored.
    var batch = new Batch(size + 1, network.input().size());
    for (int i = 0; i < batch.pixels().length; i++) {
      batch.pixels()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i <= size; i++) {
      batch.labels()[i] = random.nextInt(network.classes());
    }
    batch.resize(size);
    return new Case(network, weights, statistics, batch);
  }

  /** A residual network that meets every kind of layer but tanh, with {@code normaliser}. */
  public static Network residual(Normaliser normaliser) {
    var b = new NetworkBuilder("residual", new Shape(3, 9, 8));
    Node x = b.convolution("stem", b.input(), 4, 3, 1);
    x = b.relu("stem.relu", b.normalise("stem.norm", x, normaliser));
    Node y = b.convolution("conv1", x, new Layer.Convolution(6, 3, 2, 1, 1, false));
    y = b.relu("relu1", b.normalise("norm1", y, normaliser));
    y = b.normalise("norm2", b.convolution("conv2", y, 6, 3, 1), normaliser);
    x = b.normalise("norm3", b.convolution("projection", x, 6, 1, 2), normaliser);
    x = b.relu("sum.relu", b.add("sum", y, x));
    x = b.maxPool("max", x, 3, 2, 1);
    return b.logits(b.dense("logits", b.globalAverage("average", x), 5));
  }

  /**
   * What {@link #residual} lacks: tanh, dilation, pools of negative values, dense after dense, many
   * readers.
   */
  public static Network odd() {
    var b = new NetworkBuilder("odd", new Shape(2, 11, 10));
    Node x = b.maxPool("max", b.convolution("conv1", b.input(), 4, 5, 1), 3, 2, 1);
    x = b.activate("tanh", x, Layer.Function.TANH);
    x = b.convolution("dilated", x, new Layer.Convolution(4, 3, 1, 2, 2, true));
    x = b.add("twice", x, b.activate("tanh2", x, Layer.Function.TANH));
    Node y = b.maxPool("max.same", x, 3, 1, 1);
    x = b.add("branches", y, b.normalise("batch.same", x, Normaliser.BATCH));
    y = b.normalise("group.same", x, Normaliser.group(2));
    x = b.add("branches2", y, b.maxPool("max.same2", x, 3, 1, 1));
    x = b.normalise("batch.dense", b.dense("dense", x, 6), Normaliser.BATCH);
    x = b.normalise("group.dense", b.relu("relu", x), Normaliser.group(2));
    x = b.add("sum", x, b.dense("skip", x, 6));
    return b.logits(b.dense("logits", x, 3));
  }

  /** Those that other tests have not registered. */
  public static List<String> architectures() {
    return Architectures.all().stream()
        .filter(Registry.Entry::builtIn)
        .map(Registry.Entry::name)
        .toList();
  }

  /** A network with tanh in the place of ReLU. */
  public static Network smooth(Network network) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : network.nodes()) {
      Layer layer =
          node.layer() instanceof Layer.Activate
              ? new Layer.Activate(Layer.Function.TANH)
              : node.layer();
      nodes.add(new Node(node.index(), node.name(), layer, node.inputs(), node.shape()));
    }
    return new Network(network.name() + " with tanh", nodes, false);
  }

  /** The images that count. */
  public double[] pixels() {
    double[] pixels = new double[batch.size() * network.input().size()];
    Arrays.setAll(pixels, i -> batch.pixels()[i]);
    return pixels;
  }

  public NaiveNetwork.Result naive(Pass pass) {
    return new NaiveNetwork(network)
        .gradient(
            weights,
            statistics,
            pixels(),
            batch.labels(),
            batch.size(),
            pass,
            CrossEntropy.INSTANCE);
  }

  /** What a model in single precision gives. */
  public record Outcome(
      double value, double penalty, float[] gradient, float[] statistics, float[] logits) {}

  public Outcome on(Model model, Pass pass) {
    float[] weight = floats(weights);
    float[] statistic = floats(statistics);
    float[] logits = new float[batch.size() * network.classes()];
    model.logits(weight, statistic, batch, logits);
    float[] gradient = new float[weight.length];
    double value = model.gradient(weight, statistic, batch, pass, CrossEntropy.INSTANCE, gradient);
    return new Outcome(value, model.penalty(), gradient, statistic, logits);
  }

  public static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  public static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  /** The norm of the difference beside the norm of what is expected. */
  public static double distance(float[] actual, double[] expected) {
    double difference = 0;
    double norm = 1e-30;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
