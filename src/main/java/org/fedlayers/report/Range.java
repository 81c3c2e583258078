package org.fedlayers.report;

/** What an axis must show; grows with every value, error bars included. */
final class Range {
  private static final double PADDING = 0.05;
  private final boolean logarithmic;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;
  private boolean exact;

  Range(boolean logarithmic) {
    this.logarithmic = logarithmic;
  }

  /** What is not finite, or not positive on a logarithmic axis, has no place on it. */
  void include(double value) {
    if (Double.isFinite(value) && (!logarithmic || value > 0)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }

  void include(Range other) {
    include(other.low);
    include(other.high);
  }

  /** Fixes both ends. */
  void exactly(double from, double to) {
    low = from;
    high = to;
    exact = true;
  }

  double smallest() {
    return low;
  }

  double largest() {
    return high;
  }

  /** The axis's lower end: some room below the data, but zero where that lies just below. */
  double min() {
    if (exact) {
      return low;
    }
    if (logarithmic) {
      return low / spare();
    }
    double padded = low - PADDING * span();
    return low > 0 && padded < 0.25 * span() ? 0 : padded;
  }

  double max() {
    if (exact) {
      return high;
    }
    return logarithmic ? high * spare() : high + PADDING * span();
  }

  private double spare() {
    return high > low ? Math.pow(high / low, PADDING) : 2;
  }

  private double span() {
    if (high > low) {
      return high - low;
    }
    return high == 0 ? 1 : Math.abs(high);
  }
}
