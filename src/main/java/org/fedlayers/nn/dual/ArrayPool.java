package org.fedlayers.nn.dual;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of one pass, which the next pass uses again: allocating them anew would cost more than
 * the loops over them, and ND4J would leave their native memory to Java's garbage collector. Not
 * thread-safe.
 */
final class ArrayPool {
  private final DataType type;
  private final Map<Object, Deque<Object>> free = new HashMap<>();
  private final Map<Object, Deque<Object>> lent = new HashMap<>();

  /**
   * @param type precision of everything a pass keeps, FLOAT or DOUBLE
   */
  ArrayPool(DataType type) {
    this.type = type;
  }

  /** A C-ordered ND4J array, its values undefined, until {@link #reclaim()}. */
  INDArray array(long... shape) {
    Object key = LongStream.of(shape).boxed().toList();
    return take(key, () -> Nd4j.createUninitializedDetached(type, 'c', shape));
  }

  INDArray zeros(long... shape) {
    return array(shape).assign(0);
  }

  /** A Java array, its values undefined, until {@link #reclaim()}. */
  double[] numbers(int length) {
    return take(length, () -> new double[length]);
  }

  @SuppressWarnings("unchecked") // A key of shapes has arrays of ND4J, one of lengths Java's.
  private <T> T take(Object key, Supplier<T> make) {
    Deque<Object> unused = free.get(key);
    Object array = unused == null || unused.isEmpty() ? make.get() : unused.pop();
    lent.computeIfAbsent(key, none -> new ArrayDeque<>()).push(array);
    return (T) array;
  }

  /** An array of the given numbers, which are rounded in place and belong to it from now on. */
  PassArray values(double[] numbers, long... shape) {
    if (type == DataType.FLOAT) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) numbers[i];
      }
    }
    return new PassArray(this, shape, numbers, null);
  }

  /** An array over a C-ordered one that nothing writes to from now on. */
  PassArray values(INDArray array) {
    return new PassArray(this, array.shape(), null, array);
  }

  double rounded(double value) {
    return type == DataType.FLOAT ? (float) value : value;
  }

  /** Takes back everything lent. */
  void reclaim() {
    lent.forEach((key, own) -> free.computeIfAbsent(key, none -> new ArrayDeque<>()).addAll(own));
    lent.clear();
  }
}
