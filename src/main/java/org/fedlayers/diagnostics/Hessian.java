package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.fedlayers.data.Batch;
import org.fedlayers.engine.InOrder;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The Hessian, by the weights, of the mean cross-entropy on a sample: exact products by the
 * R-operator, no differences. Normalisers are in evaluation mode, no penalty is added. ReLUs and
 * max-pools keep their active side, as almost everywhere they do.
 *
 * <p>Images go through in chunks whose size the network decides; chunks are computed in float and
 * added up in double in their order, so the bits do not depend on the number of threads.
 */
public final class Hessian implements SymmetricOperator {
  /** About 150 MB of activations with their tangents and slopes. */
  private static final int CHUNK_VALUES = 8 << 20;

  private static final int LARGEST_CHUNK = 50;

  private final Network network;
  private final DataType type;
  private final double[] weights;
  private final double[] statistics;
  private final ImageSample sample;
  private final Deque<Arena> arenas;
  private final int threads;
  private final int first;
  private final int size;

  /**
   * @param weights length {@link Network#weightCount()}
   * @param statistics length {@link Network#statisticsCount()}
   * @param threads to compute on; the result does not depend on it
   */
  public Hessian(
      Network network, float[] weights, float[] statistics, ImageSample sample, int threads) {
    this(
        network,
        DataType.FLOAT,
        doubles(weights),
        doubles(statistics),
        sample,
        new ConcurrentLinkedDeque<>(),
        threads,
        0,
        network.weightCount());
  }

  /**
   * A block of it, in either precision: in double it is slow, for identities that hold to 1e-10.
   */
  Hessian(
      Network network,
      DataType type,
      double[] weights,
      double[] statistics,
      ImageSample sample,
      Deque<Arena> arenas,
      int threads,
      int first,
      int size) {
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
          "%d weights, %d statistics and images of %d values do not fit %s with %d, %d and %d"
              .formatted(
                  weights.length,
                  statistics.length,
                  sample.imageSize(),
                  network.name(),
                  network.weightCount(),
                  network.statisticsCount(),
                  network.input().size()));
    }
    this.network = network;
    this.type = type;
    this.weights = weights;
    this.statistics = statistics;
    this.sample = sample;
    this.arenas = arenas;
    this.threads = threads;
    this.first = first;
    this.size = size;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /**
   * The diagonal block of one node's weights, kernel and bias together; cheaper than the whole, and
   * in the same working memory.
   */
  public Hessian block(Node node) {
    List<Tensor> own = network.weightsOf(node.index());
    int start = own.get(0).offset();
    int length = own.get(own.size() - 1).end() - start;
    return new Hessian(network, type, weights, statistics, sample, arenas, threads, start, length);
  }

  /** Length of a direction: all weights, or those of the block. */
  @Override
  public int size() {
    return size;
  }

  /** The weights that the directions move. */
  double[] weights() {
    return Arrays.copyOfRange(weights, first, first + size);
  }

  @Override
  public double[] times(double[] vector) {
    if (vector.length != size) {
      throw new IllegalArgumentException(vector.length + " numbers, not " + size);
    }
    double[] product = new double[size];
    List<List<Dual>> moving = moving(vector);
    chunks(
        (batch, arena) -> {
          DualPass pass = new DualPass(network, moving, statistics, batch, arena);
          Dual slope =
              new DualCrossEntropy(pass.logits(), batch.labels()).slope(sample.size(), arena);
          return flat(pass.backward(slope));
        },
        part -> {
          for (int i = 0; i < size; i++) {
            product[i] += part[i];
          }
        });
    return product;
  }

  /** The mean cross-entropy on the sample. */
  public double loss() {
    double[] sum = new double[1];
    List<List<Dual>> still = moving(null);
    chunks(
        (batch, arena) -> {
          DualPass pass = new DualPass(network, still, statistics, batch, arena);
          return new DualCrossEntropy(pass.logits(), batch.labels()).loss();
        },
        part -> sum[0] += part);
    return sum[0] / sample.size();
  }

  /** The sum over images and units of the square of what each of some nodes puts out. */
  double[] squaredOutputs(List<Node> nodes) {
    double[] sums = new double[nodes.size()];
    outputs(
        chunkLength(),
        pass -> nodes.stream().mapToDouble(node -> squares(pass.output(node).value())).toArray(),
        part -> Arrays.setAll(sums, i -> sums[i] + part[i]));
    return sums;
  }

  /**
   * Takes something from every forward pass.
   *
   * @param length images a pass, the last one possibly fewer
   * @param sink takes the results in the order of images
   */
  <R> void outputs(int length, Function<DualPass, R> task, Consumer<R> sink) {
    List<List<Dual>> still = moving(null);
    chunks(
        length,
        (batch, arena) -> task.apply(new DualPass(network, still, statistics, batch, arena)),
        sink);
  }

  /** The {@link LayerBound} of each kernel layer. */
  double[] layerBounds() {
    double[] means = new double[network.kernelLayers().size()];
    List<List<Dual>> still = moving(null);
    chunks(
        1,
        (image, arena) -> {
          Batch copies = copies(image, network.classes());
          DualPass pass = new DualPass(network, still, statistics, copies, arena);
          return LayerBound.of(network, pass, new DualCrossEntropy(pass.logits(), copies.labels()));
        },
        part -> Arrays.setAll(means, i -> means[i] + part[i] / sample.size()));
    return means;
  }

  private static Batch copies(Batch image, int count) {
    int size = image.pixels().length;
    Batch copies = new Batch(count, size);
    for (int i = 0; i < count; i++) {
      System.arraycopy(image.pixels(), 0, copies.pixels(), i * size, size);
      copies.labels()[i] = image.labels()[0];
    }
    copies.resize(count);
    return copies;
  }

  private static double squares(INDArray array) {
    ArrayValues values = ArrayValues.of(array);
    double sum = 0;
    for (int i = 0; i < array.length(); i++) {
      sum += values.get(i) * values.get(i);
    }
    return sum;
  }

  private int chunkLength() {
    long values = network.nodes().stream().mapToLong(node -> node.shape().size()).sum();
    return (int) Math.max(1, Math.min(LARGEST_CHUNK, CHUNK_VALUES / values));
  }

  private <R> void chunks(BiFunction<Batch, Arena, R> task, Consumer<R> sink) {
    chunks(chunkLength(), task, sink);
  }

  private <R> void chunks(int length, BiFunction<Batch, Arena, R> task, Consumer<R> sink) {
    int count = (sample.size() + length - 1) / length;
    InOrder.run(
        threads,
        count,
        number -> {
          int from = number * length;
          Batch batch = sample.batch(from, Math.min(from + length, sample.size()));
          Arena free = arenas.poll();
          Arena arena = free == null ? new Arena(type) : free;
          R result = task.apply(batch, arena);
          arena.reclaim();
          arenas.push(arena);
          return result;
        },
        sink);
  }

  /** The weights of each node, those of the block with the direction as their tangent. */
  private List<List<Dual>> moving(double[] direction) {
    List<List<Dual>> all = new ArrayList<>();
    for (Node node : network.nodes()) {
      List<Dual> own = new ArrayList<>();
      for (Tensor tensor : network.weightsOf(node.index())) {
        boolean moves =
            direction != null && tensor.offset() >= first && tensor.offset() < first + size;
        own.add(
            new Dual(
                array(tensor, weights, tensor.offset()),
                moves ? array(tensor, direction, tensor.offset() - first) : null));
      }
      all.add(own);
    }
    return all;
  }

  private INDArray array(Tensor tensor, double[] values, int from) {
    long[] shape = Arrays.stream(tensor.dimensions()).asLongStream().toArray();
    INDArray array = Nd4j.createUninitializedDetached(type, 'c', shape);
    ArrayValues target = ArrayValues.of(array);
    for (int i = 0; i < tensor.size(); i++) {
      target.set(i, values[from + i]);
    }
    return array;
  }

  private double[] flat(List<List<INDArray>> gradients) {
    double[] flat = new double[size];
    for (Node node : network.nodes()) {
      List<INDArray> own = gradients.get(node.index());
      List<Tensor> tensors = network.weightsOf(node.index());
      for (int t = 0; t < own.size(); t++) {
        Tensor tensor = tensors.get(t);
        if (tensor.offset() >= first && tensor.offset() < first + size) {
          ArrayValues values = ArrayValues.of(own.get(t));
          for (int i = 0; i < tensor.size(); i++) {
            flat[tensor.offset() - first + i] = values.get(i);
          }
        }
      }
    }
    return flat;
  }
}
