package org.fedlayers.diagnostics;

import java.util.function.UnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Randomness;

/**
 * A symmetric matrix A that is known only by its products with vectors. {@link Lanczos} finds its
 * eigenvalues.
 *
 * @param size number of rows, and of columns
 * @param product gives A x for x, as a new vector
 */
public record SymmetricOperator(int size, UnaryOperator<double[]> product) {

  /**
   * An estimate of a trace.
   *
   * @param standardError from the variance between the probes
   */
  record Trace(double value, double standardError) {}

  /** A x. */
  public double[] times(double[] x) {
    if (x.length != size) {
      throw new IllegalArgumentException(x.length + " numbers, not " + size);
    }
    return product.apply(x);
  }

  /**
   * The trace, estimated without bias by the mean of v'Av over vectors v of random signs
   * (Hutchinson, 1990).
   *
   * @param probes at least 2; the standard error falls with their square root
   */
  Trace trace(int probes, Randomness randomness) {
    if (probes < 2) {
      throw new IllegalArgumentException("a standard error takes 2 probes, not " + probes);
    }
    double mean = 0;
    double squares = 0;
    for (int probe = 0; probe < probes; probe++) {
      UniformRandomProvider generator = randomness.of("hutchinson", probe);
      double[] signs = new double[size];
      for (int i = 0; i < size; i++) {
        signs[i] = generator.nextBoolean() ? 1 : -1;
      }
      double value = dot(signs, times(signs));
      double difference = value - mean;
      mean += difference / (probe + 1);
      squares += difference * (value - mean);
    }
    return new Trace(mean, Math.sqrt(squares / (probes - 1) / probes));
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double square(double[] vector) {
    return dot(vector, vector);
  }
}
