package org.fedlayers.nn.dual;

import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network at some weights, which may move along a direction, in evaluation mode. Its passes run
 * on as many threads as call it.
 */
public final class DualModel {
  final Network network;
  private final DataType type;

  /** Those that move have a tangent. */
  final Map<Tensor, Dual> weights;

  final double[] statistics;
  private final Deque<ArrayPool> pools;

  /**
   * Weights that stay.
   *
   * @param type FLOAT or, slowly, for identities that hold to 1e-10, DOUBLE
   */
  public DualModel(Network network, DataType type, double[] weights, double[] statistics) {
    this(network, type, new HashMap<>(), statistics, new ConcurrentLinkedDeque<>());
    for (Tensor tensor : network.weights()) {
      this.weights.put(tensor, new Dual(values(tensor, weights, tensor.offset()), null));
    }
  }

  private DualModel(
      Network network,
      DataType type,
      Map<Tensor, Dual> weights,
      double[] statistics,
      Deque<ArrayPool> pools) {
    this.network = network;
    this.type = type;
    this.weights = weights;
    this.statistics = statistics;
    this.pools = pools;
  }

  /**
   * The same with some of the weights moving, in the same working memory.
   *
   * @param first offset of the first weight that moves
   */
  public DualModel along(double[] direction, int first) {
    Map<Tensor, Dual> moving = new HashMap<>(weights);
    moving.replaceAll(
        (tensor, weight) ->
            tensor.offset() >= first && tensor.offset() < first + direction.length
                ? new Dual(weight.value(), values(tensor, direction, tensor.offset() - first))
                : weight);
    return new DualModel(network, type, moving, statistics, pools);
  }

  private PassArray values(Tensor tensor, double[] numbers, int first) {
    long[] shape = Arrays.stream(tensor.dimensions()).asLongStream().toArray();
    INDArray array = Nd4j.createUninitializedDetached(type, 'c', shape);
    return new PassArray(null, shape, null, PassArray.write(numbers, first, array));
  }

  /**
   * Runs a chunk of images forward, and takes something from the pass.
   *
   * @param task may go back; keeps no array of the pass
   */
  public <R> R run(Batch batch, Function<DualPass, R> task) {
    ArrayPool free = pools.poll();
    ArrayPool pool = free == null ? new ArrayPool(type) : free;
    R result = task.apply(new DualPass(this, batch, pool));
    pool.reclaim();
    pools.push(pool);
    return result;
  }
}
