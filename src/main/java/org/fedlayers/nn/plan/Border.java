package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;

/**
 * Where plain Java vectors meet native memory: weights, their gradient and the statistics in the
 * network's canonical flat order. Kernels that want another layout get it by a reorder in the plan;
 * the rest (biases, scales and shifts, statistics) is used in place.
 */
final class Border implements AutoCloseable {
  private final engine engine;
  private final Slab weights;
  private final Slab gradient;
  private final Slab statistics;
  private final FloatBuffer weightValues;
  private final FloatBuffer gradientValues;
  private final FloatBuffer statisticsValues;

  Border(Network network, engine engine) {
    this.engine = engine;
    weights = slab(network.weightCount());
    gradient = slab(network.weightCount());
    statistics = slab(network.statisticsCount());
    weightValues = values(weights, network.weightCount());
    gradientValues = values(gradient, network.weightCount());
    statisticsValues = values(statistics, network.statisticsCount());
  }

  private static Slab slab(int values) {
    return new Slab((long) Float.BYTES * values + Slab.ALIGNMENT);
  }

  private FloatBuffer values(Slab slab, int count) {
    return Region.fixed(Layouts.plain(Math.max(1, count)), engine, slab.at(0)).floats();
  }

  Region weights(Tensor tensor, memory.desc layout) {
    return Region.fixed(layout, engine, weights.at((long) Float.BYTES * tensor.offset()));
  }

  Region gradient(Tensor tensor, memory.desc layout) {
    return Region.fixed(layout, engine, gradient.at((long) Float.BYTES * tensor.offset()));
  }

  Region statistics(Tensor tensor, memory.desc layout) {
    return Region.fixed(layout, engine, statistics.at((long) Float.BYTES * tensor.offset()));
  }

  void take(float[] newWeights, float[] newStatistics) {
    weightValues.put(0, newWeights);
    statisticsValues.put(0, newStatistics);
  }

  void giveGradient(float[] target) {
    gradientValues.get(0, target);
  }

  void giveStatistics(float[] target) {
    statisticsValues.get(0, target);
  }

  @Override
  public void close() {
    weights.close();
    gradient.close();
    statistics.close();
  }
}
