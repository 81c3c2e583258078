package org.fedlayers.diagnostics;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The values of a whole array in row-major order, read and written in place. */
interface ArrayValues {
  double get(int index);

  void set(int index, double value);

  /**
   * @param array C-ordered, float or double, and no view into another
   */
  static ArrayValues of(INDArray array) {
    return array.dataType() == DataType.FLOAT
        ? new Floats(array.data().asNioFloat())
        : new Doubles(array.data().asNioDouble());
  }

  record Floats(FloatBuffer buffer) implements ArrayValues {
    @Override
    public double get(int index) {
      return buffer.get(index);
    }

    @Override
    public void set(int index, double value) {
      buffer.put(index, (float) value);
    }
  }

  record Doubles(DoubleBuffer buffer) implements ArrayValues {
    @Override
    public double get(int index) {
      return buffer.get(index);
    }

    @Override
    public void set(int index, double value) {
      buffer.put(index, value);
    }
  }
}
