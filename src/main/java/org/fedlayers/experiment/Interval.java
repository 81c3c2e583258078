package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A mean over seeds and its 95 % interval by Student's t. With few seeds a normal quantile or a
 * bootstrap would promise too much: of three values they cover 81 % and 67 %.
 *
 * @param low NaN, as {@code high}, where nothing is known about the spread (one seed)
 * @param n number of seeds
 */
public record Interval(double mean, double low, double high, int n) {
  private static final double UPPER_TAIL = 0.025;

  /** From the spread of these values alone. */
  public static Interval of(double... values) {
    return pooled(List.of(values)).get(0);
  }

  /**
   * One interval a group, all with the standard deviation pooled over the groups: s^2 = sum of
   * squared deviations from each group's own mean / (values - groups) degrees of freedom.
   *
   * @param groups at least one value each
   */
  public static List<Interval> pooled(List<double[]> groups) {
    double squares = 0;
    int freedom = 0;
    for (double[] group : groups) {
      double mean = mean(group);
      for (double value : group) {
        squares += (value - mean) * (value - mean);
      }
      freedom += group.length - 1;
    }
    double factor =
        freedom == 0
            ? Double.NaN
            : TDistribution.of(freedom).inverseSurvivalProbability(UPPER_TAIL)
                * Math.sqrt(squares / freedom);
    List<Interval> intervals = new ArrayList<>();
    for (double[] group : groups) {
      double mean = mean(group);
      double half = factor / Math.sqrt(group.length);
      intervals.add(new Interval(mean, mean - half, mean + half, group.length));
    }
    return intervals;
  }

  /** Of the differences a - b, seed by seed. */
  public static Interval paired(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(a.length + " values cannot be paired with " + b.length);
    }
    double[] differences = new double[a.length];
    Arrays.setAll(differences, i -> a[i] - b[i]);
    return of(differences);
  }

  /** Half the width; NaN where the spread is unknown. */
  public double half() {
    return (high - low) / 2;
  }

  private static double mean(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values to take a mean of");
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
