package org.fedlayers.nn.dual;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation, a weight or a gradient by one, in row-major order. Loops read it as a Java array,
 * convolutions and matrix products as an ND4J array; a pass makes the form that is missing when it
 * is first asked for, and keeps it. Neither form may be written to.
 */
final class PassArray {
  private static final int CHUNK = 1024;

  private final ArrayPool pool;
  private final long[] shape;
  private double[] numbers;
  private INDArray array;

  /**
   * @param pool that of the pass; null for a weight, which threads share and where no form is kept
   */
  PassArray(ArrayPool pool, long[] shape, double[] numbers, INDArray array) {
    this.pool = pool;
    this.shape = shape;
    this.numbers = numbers;
    this.array = array;
  }

  long[] shape() {
    return shape;
  }

  double[] numbers() {
    if (numbers != null) {
      return numbers;
    }
    int length = (int) array.length();
    if (pool == null) {
      return read(array, new double[length]);
    }
    numbers = read(array, pool.numbers(length));
    return numbers;
  }

  INDArray array() {
    if (array == null) {
      array = write(numbers, 0, pool.array(shape));
    }
    return array;
  }

  private static double[] read(INDArray from, double[] to) {
    if (from.dataType() == DataType.DOUBLE) {
      from.data().asNioDouble().get(0, to);
      return to;
    }
    FloatBuffer floats = from.data().asNioFloat();
    float[] chunk = new float[CHUNK];
    for (int at = 0; at < to.length; at += CHUNK) {
      int count = Math.min(CHUNK, to.length - at);
      floats.get(at, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        to[at + i] = chunk[i];
      }
    }
    return to;
  }

  /**
   * Fills an array.
   *
   * @param first index of the first number
   */
  static INDArray write(double[] numbers, int first, INDArray to) {
    int length = (int) to.length();
    if (to.dataType() == DataType.DOUBLE) {
      to.data().asNioDouble().put(0, numbers, first, length);
      return to;
    }
    FloatBuffer floats = to.data().asNioFloat();
    float[] chunk = new float[CHUNK];
    for (int at = 0; at < length; at += CHUNK) {
      int count = Math.min(CHUNK, length - at);
      for (int i = 0; i < count; i++) {
        chunk[i] = (float) numbers[first + at + i];
      }
      floats.put(at, chunk, 0, count);
    }
    return to;
  }
}
