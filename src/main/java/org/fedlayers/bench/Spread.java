package org.fedlayers.bench;

import java.util.Arrays;

/** The median of some measurements, and the least and greatest of them. */
record Spread(double median, double low, double high) {

  /**
   * @param values at least one
   */
  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  Spread times(double factor) {
    return new Spread(median * factor, low * factor, high * factor);
  }
}
