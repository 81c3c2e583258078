package org.fedlayers.diagnostics;

/**
 * How far vectors v_1 .. v_K are spread around their mean.
 *
 * @param variance mean_k ||v_k - mean||^2: the trace of their covariance
 * @param relative variance / ||mean||^2; NaN where the mean is zero
 * @param perEntry variance / length
 */
public record Spread(double variance, double relative, double perEntry) {

  /** NaN, not infinite, of nothing: there is no such share. */
  static double share(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }

  /** Takes vectors one by one. */
  static final class Sum {
    private final double[] mean;
    private double squares;
    private int count;

    Sum(int length) {
      mean = new double[length];
    }

    /** Welford's recursion: no difference of large sums. */
    void add(float[] from, int offset) {
      count++;
      for (int i = 0; i < mean.length; i++) {
        double gap = from[offset + i] - mean[i];
        mean[i] += gap / count;
        squares += gap * (from[offset + i] - mean[i]);
      }
    }

    double squareOfMean() {
      double sum = 0;
      for (double value : mean) {
        sum += value * value;
      }
      return sum;
    }

    Spread spread() {
      double variance = squares / count;
      return new Spread(variance, share(variance, squareOfMean()), variance / mean.length);
    }
  }
}
