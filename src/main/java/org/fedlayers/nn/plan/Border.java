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
  final Vector weights;
  final Vector gradient;
  final Vector statistics;

  Border(Network network, engine engine) {
    weights = new Vector("weights", network.weightCount(), engine);
    gradient = new Vector("gradient", network.weightCount(), engine);
    statistics = new Vector("statistics", network.statisticsCount(), engine);
  }

  @Override
  public void close() {
    weights.slab.close();
    gradient.slab.close();
    statistics.slab.close();
  }

  /** A flat vector. */
  static final class Vector {
    private final String name;
    private final int length;
    private final engine engine;
    private final Slab slab;
    private final FloatBuffer values;

    private Vector(String name, int length, engine engine) {
      this.name = name;
      this.length = length;
      this.engine = engine;
      slab = new Slab((long) Float.BYTES * length + Slab.ALIGNMENT);
      values = Region.fixed(Layouts.plain(Math.max(1, length)), engine, slab.at(0)).floats();
    }

    /** A tensor of it in a layout; null for null. */
    Region of(Tensor tensor, memory.desc layout) {
      return tensor == null
          ? null
          : Region.fixed(layout, engine, slab.at((long) Float.BYTES * tensor.offset()));
    }

    void check(float[] vector) {
      if (vector.length != length) {
        throw new IllegalArgumentException(
            name + " of length " + vector.length + ", not " + length);
      }
    }

    void take(float[] from) {
      values.put(0, from);
    }

    void give(float[] target) {
      values.get(0, target);
    }
  }
}
