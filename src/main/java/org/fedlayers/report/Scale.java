package org.fedlayers.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** An axis: its range, which grows with every value that is included, and its ticks. */
final class Scale {
  private static final double PADDING = 0.05;

  final String title;
  final List<String> names;
  private final boolean logarithmic;
  private final TreeSet<Double> places = new TreeSet<>();
  private boolean settings;
  private boolean fractions;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;

  /**
   * @param names that stand at 0, 1, ...; empty for an axis of numbers
   */
  Scale(String title, boolean logarithmic, List<String> names) {
    this.title = title;
    this.logarithmic = logarithmic;
    this.names = names;
  }

  /** Values that are not finite, or not positive on a logarithmic axis, are left out. */
  void include(double... values) {
    for (double value : values) {
      if (Double.isFinite(value) && (!logarithmic || value > 0)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }

  /**
   * Includes a setting. Between whole settings, such as rounds, there are no ticks.
   *
   * @param ticked whether it has a tick of its own, which is better than a round number where there
   *     are few settings
   */
  void includeSetting(double value, boolean ticked) {
    include(value);
    settings = true;
    fractions |= value != Math.rint(value);
    if (ticked && (!logarithmic || value > 0)) {
      places.add(value);
    }
  }

  /** Whether the axis can include a level and the data still fill most of it. */
  boolean isNear(double level) {
    return level <= high && level >= low - 0.4 * (high - low);
  }

  /** The lower end: a little below the data, but zero where zero lies just below them. */
  double min() {
    if (!names.isEmpty()) {
      return -0.5;
    }
    double padded = low - PADDING * span();
    boolean fromZero = places.isEmpty() && low >= 0 && padded < 0.25 * span();
    return logarithmic ? low / spare() : fromZero ? 0 : padded;
  }

  double max() {
    return !names.isEmpty()
        ? names.size() - 0.5
        : logarithmic ? high * spare() : high + PADDING * span();
  }

  private double spare() {
    return high > low ? Math.pow(high / low, PADDING) : 2;
  }

  /** Values that differ by rounding only are one. */
  private double span() {
    double size = Math.max(Math.abs(low), Math.abs(high));
    return high - low > 1e-9 * size ? high - low : size == 0 ? 1 : size;
  }

  /** The position of a value between the ends, from 0 to 1. */
  double share(double value) {
    return logarithmic
        ? Math.log(value / min()) / Math.log(max() / min())
        : (value - min()) / (max() - min());
  }

  /**
   * Values that get a label, the first and the last name always.
   *
   * @param most how many there is room for
   */
  List<Double> ticks(double most) {
    double[] values =
        !names.isEmpty()
            ? IntStream.range(0, names.size()).asDoubleStream().toArray()
            : places.size() > 1 && places.size() <= 12
                ? places.stream().mapToDouble(place -> place).toArray()
                : logarithmic && powers().length > 1 ? powers() : round(most);
    List<Double> ticks = new ArrayList<>();
    double free = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (share(value) >= free) {
        ticks.add(value);
        free = share(value) + 0.8 / most;
      }
    }
    double last = names.size() - 1.0;
    if (last > 0 && ticks.get(ticks.size() - 1) < last) { // both ends of an order of names matter
      ticks.set(ticks.size() - 1, last);
    }
    return ticks;
  }

  /** Multiples of 1, 2 or 5 times a power of ten. */
  private double[] round(double most) {
    double least = Math.max((max() - min()) / most, settings && !fractions ? 1 : 0);
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double step = least > 5 * power ? 10 : least > 2 * power ? 5 : least > power ? 2 : 1;
    double first = Math.ceil(min() / (step * power));
    return DoubleStream.iterate(first, k -> k * step * power <= max(), k -> k + 1)
        .map(k -> k * step * power)
        .toArray();
  }

  /** 1, 2 and 5 times powers of ten. */
  private double[] powers() {
    return IntStream.rangeClosed((int) Math.log10(min()) - 1, (int) Math.log10(max()) + 1)
        .mapToDouble(power -> Math.pow(10, power))
        .flatMap(power -> DoubleStream.of(power, 2 * power, 5 * power))
        .filter(value -> value >= min() && value <= max())
        .toArray();
  }

  /** A name, or at most six digits; far from 1 with an exponent. */
  String label(double at) {
    if (!names.isEmpty()) {
      return names.get((int) at);
    }
    boolean far = at != 0 && (Math.abs(at) < 1e-4 || Math.abs(at) >= 1e6);
    BigDecimal number = digits(at, 6);
    return far ? number.toString().replace("+", "").replace("E", "e") : number.toPlainString();
  }

  static BigDecimal digits(double value, int most) {
    return BigDecimal.valueOf(value).round(new MathContext(most)).stripTrailingZeros();
  }
}
