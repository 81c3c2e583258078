package org.fedlayers.diagnostics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.fedlayers.engine.OrderedTasks;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.dual.DualModel;
import org.fedlayers.nn.dual.DualPass;
import org.fedlayers.options.UserError;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The Hessian H of the mean cross-entropy on a sample, with respect to the weights. Products H v
 * are exact, by the R-operator (Pearlmutter, 1994): the directional derivative of the gradient, and
 * no finite difference, which in single precision is useless. Normalisers are in evaluation mode
 * and no penalty is added. ReLUs and max-pools count as linear, as they are almost everywhere.
 *
 * <p>Images go through in chunks whose size the network decides; chunks are computed in float and
 * added up in double in their order, so the bits do not depend on the number of threads.
 */
public final class Hessian {
  /** About 150 MB of activations with their tangents and output gradients. */
  private static final int CHUNK_VALUES = 8 << 20;

  private static final int LARGEST_CHUNK = 50;

  /** Of a pass for {@link LayerBound}s: twice as many values, and what runs back beside each. */
  private static final long BOUND_BYTES = 640L << 20;

  private final Network network;
  private final DualModel model;
  private final double[] weights;
  private final ImageSample sample;
  private final int threads;
  private double loss = Double.NaN;

  /**
   * Of a model of the network.
   *
   * @param threads to compute on, at least 1; the result does not depend on it
   */
  public Hessian(Network network, Federation.ModelState at, ImageSample sample, int threads) {
    this(network, DataType.FLOAT, doubles(at.weights()), doubles(at.statistics()), sample, threads);
  }

  /** In either precision: in double it is slow, for identities that hold to 1e-10. */
  Hessian(
      Network network,
      DataType type,
      double[] weights,
      double[] statistics,
      ImageSample sample,
      int threads) {
    if (network.isStandardised()) {
      throw new UserError(
          network.name()
              + " standardises its weights, which is left out here: curvature, activations and CKA"
              + " would be those of another function");
    }
    if (weights.length != network.weightCount()
        || statistics.length != network.statisticsCount()
        || sample.imageSize() != network.input().size()) {
      throw new IllegalArgumentException(
          "%d weights, %d statistics and images of %d values do not fit %s"
              .formatted(weights.length, statistics.length, sample.imageSize(), network.name()));
    }
    this.network = network;
    this.model = new DualModel(network, type, weights, statistics);
    this.weights = weights;
    this.sample = sample;
    this.threads = threads;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  Network network() {
    return network;
  }

  /** Of all weights. */
  public SymmetricOperator whole() {
    return block(0, weights.length);
  }

  /**
   * The diagonal block of one node's weights, kernel and bias together. Its products cost less than
   * those of the whole and use the same working memory.
   */
  public SymmetricOperator block(Node node) {
    List<Tensor> own = network.weightsOf(node.index());
    return block(own.get(0).offset(), own.get(own.size() - 1).end());
  }

  /** D H D with D = diag(|w|), whose eigenvalues no rescaling of layers changes. */
  SymmetricOperator scaled() {
    UnaryOperator<double[]> scale =
        vector ->
            IntStream.range(0, vector.length)
                .mapToDouble(i -> Math.abs(weights[i]) * vector[i])
                .toArray();
    SymmetricOperator whole = whole();
    return new SymmetricOperator(
        weights.length, vector -> scale.apply(whole.times(scale.apply(vector))));
  }

  private SymmetricOperator block(int first, int end) {
    int length = end - first;
    return new SymmetricOperator(
        length,
        vector -> {
          double[] product = new double[length];
          passes(
              model.along(vector, first),
              pass -> pass.product(sample.size(), first, length),
              part -> Arrays.setAll(product, i -> product[i] + part[i]));
          return product;
        });
  }

  /** The mean cross-entropy on the sample, computed once. */
  public double loss() {
    if (Double.isNaN(loss)) {
      double[] sum = new double[1];
      passes(model, DualPass::loss, part -> sum[0] += part);
      loss = sum[0] / sample.size();
    }
    return loss;
  }

  /** The sum over images and units of the squared output of each of some nodes. */
  double[] squaredOutputs(List<Node> nodes) {
    double[] sums = new double[nodes.size()];
    passes(
        model,
        pass -> nodes.stream().map(pass::output).mapToDouble(SymmetricOperator::square).toArray(),
        part -> Arrays.setAll(sums, i -> sums[i] + part[i]));
    return sums;
  }

  /**
   * Applies a task to what some nodes put out for every group of images.
   *
   * @param length images a group, the last one possibly fewer; a group may take several passes
   * @param task from an array of [images, channels, height, width], row-major, for each node
   * @param sink receives the results in the order of images
   */
  <R> void outputs(
      int length, List<Node> nodes, Function<List<double[]>, R> task, Consumer<R> sink) {
    OrderedTasks.run(
        threads,
        groups(length),
        number -> {
          int[] images = IntStream.range(number * length, end(number, length)).toArray();
          List<double[]> outputs =
              nodes.stream().map(node -> new double[images.length * node.shape().size()]).toList();
          inChunks(
              images,
              chunkLength(),
              (pass, before) -> {
                for (int i = 0; i < outputs.size(); i++) {
                  double[] part = pass.output(nodes.get(i));
                  int at = before * nodes.get(i).shape().size();
                  System.arraycopy(part, 0, outputs.get(i), at, part.length);
                }
              });
          return task.apply(outputs);
        },
        sink);
  }

  /** The {@link LayerBound} of each kernel layer, on as many threads as half of the heap takes. */
  double[] layerBounds() {
    double[] means = new double[network.kernelLayers().size()];
    long most = Math.max(1, Runtime.getRuntime().maxMemory() / 2 / BOUND_BYTES);
    int length = (int) Math.max(1, 2L * CHUNK_VALUES / values());
    OrderedTasks.run(
        (int) Math.min(threads, most),
        sample.size(),
        number -> {
          int[] copies = new int[network.classes()];
          Arrays.fill(copies, number);
          try (var bound = new LayerBound(network)) {
            inChunks(copies, length, bound::add);
            return bound.values();
          }
        },
        part -> Arrays.setAll(means, i -> means[i] + part[i] / sample.size()));
    return means;
  }

  /**
   * Runs images on this thread, in as many passes as they need.
   *
   * @param images numbers in the sample
   * @param length of a pass at most
   * @param task is told how many images the passes before had
   */
  private void inChunks(int[] images, int length, ObjIntConsumer<DualPass> task) {
    for (int from = 0; from < images.length; from += length) {
      int before = from;
      int to = Math.min(from + length, images.length);
      model.run(
          sample.batch(Arrays.stream(images, from, to)),
          pass -> {
            task.accept(pass, before);
            return null;
          });
    }
  }

  private int chunkLength() {
    return (int) Math.max(1, Math.min(LARGEST_CHUNK, CHUNK_VALUES / values()));
  }

  /** Of all layers, an image. */
  private long values() {
    return network.nodes().stream().mapToLong(node -> node.shape().size()).sum();
  }

  /** How many groups of so many images the sample has. */
  private int groups(int length) {
    return (sample.size() + length - 1) / length;
  }

  private int end(int group, int length) {
    return Math.min((group + 1) * length, sample.size());
  }

  /** Applies a task to a pass over each chunk of the sample. */
  private <R> void passes(DualModel at, Function<DualPass, R> task, Consumer<R> sink) {
    int length = chunkLength();
    OrderedTasks.run(
        threads,
        groups(length),
        number -> at.run(sample.batch(number * length, end(number, length)), task),
        sink);
  }
}
