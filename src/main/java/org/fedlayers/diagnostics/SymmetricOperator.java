package org.fedlayers.diagnostics;

import java.util.function.UnaryOperator;

/** A symmetric matrix A that is known only by its products with vectors. */
public interface SymmetricOperator {

  /** Number of rows, and of columns. */
  int size();

  /**
   * @param vector x, of length {@link #size()}
   * @return A x, a new vector
   */
  double[] times(double[] vector);

  /** An operator given by its product. */
  record Product(int size, UnaryOperator<double[]> product) implements SymmetricOperator {
    @Override
    public double[] times(double[] vector) {
      return product.apply(vector);
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
