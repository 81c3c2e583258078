package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Tensor;

/**
 * The native copy of a flat Java vector: the weights, their gradient or the statistics, in the
 * network's canonical order. Steps read and write its tensors in place; kernels that want a tensor
 * in another layout get it by a reorder in the plan.
 */
final class NativeVector implements AutoCloseable {
  private final String name;
  private final int length;
  private final engine engine;
  private final Arena arena;
  private final FloatBuffer values;

  NativeVector(String name, int length, engine engine) {
    this.name = name;
    this.length = length;
    this.engine = engine;
    arena = new Arena((long) Float.BYTES * (length + 16));
    values = buffer(Layouts.plain(Math.max(1, length)), 0).floats();
  }

  /** A tensor of the vector in a layout; null for null. */
  Buffer tensor(Tensor tensor, memory.desc layout) {
    return tensor == null ? null : buffer(layout, tensor.offset());
  }

  private Buffer buffer(memory.desc layout, int first) {
    Buffer buffer = new Buffer(layout, engine, (long) Float.BYTES * first);
    buffer.bind(arena);
    return buffer;
  }

  /**
   * @throws IllegalArgumentException if a Java vector has another length
   */
  void check(float[] vector) {
    if (vector.length != length) {
      throw new IllegalArgumentException(name + " of length " + vector.length + ", not " + length);
    }
  }

  void copyFrom(float[] vector) {
    values.put(0, vector);
  }

  void copyTo(float[] vector) {
    values.get(0, vector);
  }

  @Override
  public void close() {
    arena.close();
  }
}
