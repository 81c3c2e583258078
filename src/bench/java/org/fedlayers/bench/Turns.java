package org.fedlayers.bench;

import java.util.Arrays;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The rates of one or two contenders, measured in turns: A B, then B A, and so on, so that a
 * machine that grows slower or busier favours neither. Turns are repeated until the 95 % interval
 * of the median, of the ratio of the two or of the single rate, is narrow enough.
 *
 * @param rates of each contender, turn by turn
 */
record Turns(double[]... rates) {
  /** The most turns, as a multiple of the fewest. */
  static final int PATIENCE = 4;

  /**
   * How long and how often to measure.
   *
   * @param seconds of one measurement
   * @param repeats the fewest turns, at least 1; the most are {@link #PATIENCE} times as many
   * @param bound turns end once the interval of the median is this narrow, relative to the median
   */
  record Timing(double seconds, int repeats, double bound) {}

  /** Work whose rate can be measured. */
  interface Contender extends AutoCloseable {

    /** Works for a while. Returns images, or other units of work, a second. */
    double rate();

    @Override
    default void close() {}
  }

  /**
   * @param second may be null
   */
  static Turns take(Timing timing, Contender first, Contender second) {
    Contender[] contenders =
        second == null ? new Contender[] {first} : new Contender[] {first, second};
    Turns turns = new Turns(new double[contenders.length][0]);
    int most = PATIENCE * timing.repeats();
    for (int turn = 0; turn < timing.repeats() || turn < most && !turns.known(timing); turn++) {
      for (int i = 0; i < contenders.length; i++) {
        int next = turn % 2 == 0 ? i : contenders.length - 1 - i;
        turns.rates[next] = ArrayUtils.add(turns.rates[next], contenders[next].rate());
      }
    }
    return turns;
  }

  private boolean known(Timing timing) {
    return width(rates.length > 1 ? ratio() : rates[0]) <= timing.bound();
  }

  /** The first contender's rate over the second's, turn by turn. */
  double[] ratio() {
    double[] ratios = rates[0].clone();
    Arrays.setAll(ratios, turn -> ratios[turn] / rates[1][turn]);
    return ratios;
  }

  static double median(double... values) {
    return StatUtils.percentile(values, 50);
  }

  /**
   * Width of the 95 % interval of the values' median, relative to it. The interval is that of the
   * sign test: it lies between two of the sorted values, whatever their distribution. Infinite for
   * fewer than six values, of which not even the range is such an interval.
   */
  static double width(double... values) {
    int count = values.length;
    int outside = BinomialDistribution.of(count, 0.5).inverseCumulativeProbability(0.025);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return outside == 0
        ? Double.POSITIVE_INFINITY
        : (sorted[count - outside] - sorted[outside - 1]) / median(values);
  }
}
