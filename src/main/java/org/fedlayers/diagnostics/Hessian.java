package org.fedlayers.diagnostics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
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

  private final Network network;
  private final DualModel model;
  private final double[] weights;
  private final ImageSample sample;
  private final int threads;
  private double loss = Double.NaN;

  /** Of a model of the network, on all cores. */
  public Hessian(Network network, Federation.ModelState at, ImageSample sample) {
    this(
        network,
        DataType.FLOAT,
        doubles(at.weights()),
        doubles(at.statistics()),
        sample,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * In either precision: in double it is slow, for identities that hold to 1e-10.
   *
   * @param threads to compute on; the result does not depend on it
   */
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
              chunkLength(),
              pass -> pass.product(sample.size(), first, length),
              part -> Arrays.setAll(product, i -> product[i] + part[i]));
          return product;
        });
  }

  /** The mean cross-entropy on the sample, computed once. */
  public double loss() {
    if (Double.isNaN(loss)) {
      double[] sum = new double[1];
      passes(model, chunkLength(), DualPass::loss, part -> sum[0] += part);
      loss = sum[0] / sample.size();
    }
    return loss;
  }

  /** The sum over images and units of the squared output of each of some nodes. */
  double[] squaredOutputs(List<Node> nodes) {
    double[] sums = new double[nodes.size()];
    outputs(
        chunkLength(),
        pass -> nodes.stream().mapToDouble(node -> square(pass.output(node))).toArray(),
        part -> Arrays.setAll(sums, i -> sums[i] + part[i]));
    return sums;
  }

  /**
   * Applies a task to every forward pass.
   *
   * @param length images a pass, the last one possibly fewer
   * @param sink receives the results in the order of images
   */
  <R> void outputs(int length, Function<DualPass, R> task, Consumer<R> sink) {
    passes(model, length, task, sink);
  }

  /** The {@link LayerBound} of each kernel layer. */
  double[] layerBounds() {
    double[] means = new double[network.kernelLayers().size()];
    OrderedTasks.run(
        threads,
        sample.size(),
        number ->
            model.run(
                sample.batch(IntStream.range(0, network.classes()).map(copy -> number)),
                pass -> LayerBound.of(network, pass)),
        part -> Arrays.setAll(means, i -> means[i] + part[i] / sample.size()));
    return means;
  }

  private static double square(double[] values) {
    return SymmetricOperator.dot(values, values);
  }

  private int chunkLength() {
    long values = network.nodes().stream().mapToLong(node -> node.shape().size()).sum();
    return (int) Math.max(1, Math.min(LARGEST_CHUNK, CHUNK_VALUES / values));
  }

  private <R> void passes(DualModel at, int length, Function<DualPass, R> task, Consumer<R> sink) {
    OrderedTasks.run(
        threads,
        (sample.size() + length - 1) / length,
        number -> {
          int from = number * length;
          return at.run(sample.batch(from, Math.min(from + length, sample.size())), task);
        },
        sink);
  }
}
