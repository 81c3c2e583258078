package org.fedlayers.nn.dual;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of one pass, used again by the next: ND4J would leave their native memory to Java's
 * garbage collector. Not thread-safe.
 */
final class Arena {
  private final DataType type;
  private final Map<List<Long>, Deque<INDArray>> free = new HashMap<>();
  private final Map<List<Long>, Deque<INDArray>> lent = new HashMap<>();

  Arena(DataType type) {
    this.type = type;
  }

  /** A C-ordered array, its values undefined, until {@link #reclaim()}. */
  INDArray take(long... shape) {
    List<Long> key = LongStream.of(shape).boxed().toList();
    Deque<INDArray> unused = free.get(key);
    INDArray array =
        unused == null || unused.isEmpty()
            ? Nd4j.createUninitializedDetached(type, 'c', shape)
            : unused.pop();
    lent.computeIfAbsent(key, none -> new ArrayDeque<>()).push(array);
    return array;
  }

  INDArray like(INDArray other) {
    return take(other.shape());
  }

  INDArray zeros(long... shape) {
    return take(shape).assign(0);
  }

  /** With the given values, in row-major order. */
  INDArray of(double[] values, long... shape) {
    INDArray array = take(shape);
    write(values, array);
    return array;
  }

  static void write(double[] values, INDArray array) {
    if (array.dataType() == DataType.DOUBLE) {
      array.data().asNioDouble().put(0, values);
      return;
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    array.data().asNioFloat().put(0, floats);
  }

  /**
   * All values in row-major order.
   *
   * @param array C-ordered, and no view into another
   */
  static double[] values(INDArray array) {
    double[] values = new double[(int) array.length()];
    if (array.dataType() == DataType.DOUBLE) {
      array.data().asNioDouble().get(0, values);
      return values;
    }
    float[] floats = new float[values.length];
    array.data().asNioFloat().get(0, floats);
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** As an array would hold it. */
  double rounded(double value) {
    return type == DataType.FLOAT ? (float) value : value;
  }

  /** Takes back everything lent. */
  void reclaim() {
    lent.forEach(
        (key, arrays) -> free.computeIfAbsent(key, none -> new ArrayDeque<>()).addAll(arrays));
    lent.clear();
  }
}
