package org.fedlayers.diagnostics;

import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Randomness;

/**
 * The trace of a symmetric operator A, estimated by the mean of v'Av over vectors v of random signs
 * (Hutchinson, 1990).
 *
 * @param value the estimate, unbiased
 * @param standardError of the estimate, from the variance between the probes
 */
public record Trace(double value, double standardError) {

  /**
   * @param probes at least 2; the standard error falls with their square root
   */
  public static Trace estimate(SymmetricOperator operator, int probes, Randomness randomness) {
    if (probes < 2) {
      throw new IllegalArgumentException("a standard error takes 2 probes, not " + probes);
    }
    double mean = 0;
    double squares = 0;
    for (int probe = 0; probe < probes; probe++) {
      UniformRandomProvider generator = randomness.of("hutchinson", probe);
      double[] signs = new double[operator.size()];
      for (int i = 0; i < signs.length; i++) {
        signs[i] = generator.nextBoolean() ? 1 : -1;
      }
      double[] product = operator.times(signs);
      double value = SymmetricOperator.dot(signs, product);
      double difference = value - mean;
      mean += difference / (probe + 1);
      squares += difference * (value - mean);
    }
    return new Trace(mean, Math.sqrt(squares / (probes - 1) / probes));
  }
}
