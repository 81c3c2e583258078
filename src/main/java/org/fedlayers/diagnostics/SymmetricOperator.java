package org.fedlayers.diagnostics;

/** A symmetric matrix known by its products with vectors. */
public interface SymmetricOperator {

  /** Rows, and columns. */
  int size();

  /**
   * @param vector of length {@link #size()}
   * @return the product, a new vector
   */
  double[] times(double[] vector);
}
