package org.fedlayers.bench;

import org.fedlayers.nn.Nd4jRuntime;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The ceiling: single-precision products of square matrices by OpenBLAS through ND4J, on one
 * thread.
 */
final class MatrixProduct implements Measured {
  private static final int SIDE = 1024;
  private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;

  private final Clock clock;
  private final double seconds;
  private final INDArray a;
  private final INDArray b;
  private final INDArray product;

  MatrixProduct(Clock clock, double seconds) {
    this.clock = clock;
    this.seconds = seconds;
    Nd4jRuntime.useOneThread();
    a = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    b = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    product = Nd4j.create(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f');
    a.mmuli(b, product);
  }

  /** Floating-point operations a second. */
  @Override
  public double rate() {
    Nd4jRuntime.useOneThread();
    long products = 0;
    long start = clock.nanos();
    do {
      a.mmuli(b, product);
      products++;
    } while (clock.nanos() - start < seconds * 1e9);
    return products * OPERATIONS * 1e9 / (clock.nanos() - start);
  }
}
