package org.fedlayers.diagnostics;

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

  INDArray copy(double[] values) {
    INDArray array = take(values.length);
    ArrayValues target = ArrayValues.of(array);
    for (int i = 0; i < values.length; i++) {
      target.set(i, values[i]);
    }
    return array;
  }

  /** Takes back everything lent. */
  void reclaim() {
    lent.forEach(
        (key, arrays) -> free.computeIfAbsent(key, none -> new ArrayDeque<>()).addAll(arrays));
    lent.clear();
  }
}
