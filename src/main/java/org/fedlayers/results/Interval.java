package org.fedlayers.results;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * An effect over seeds and its 95 % interval by Student's t. With few seeds a normal quantile or a
 * bootstrap would promise too much: of three values they cover 81 % and 67 %.
 *
 * @param mean the effect
 * @param low NaN, as {@code high}, where nothing is known about its standard deviation: one seed
 * @param n number of seeds, the fewest that any part of the effect rests on
 */
public record Interval(double mean, double low, double high, int n) {
  private static final double UPPER_TAIL = 0.025;

  /** No effect at all. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN, 0);

  /** From the standard deviation of these seeds alone. */
  public static Interval of(Sample sample) {
    return of(List.of(sample), 1);
  }

  /**
   * The sum of c_i mean_i, with the standard deviation pooled over all samples: s^2 is the sum of
   * squared deviations from each sample's own mean over (values - samples) degrees of freedom. With
   * three seeds and one sample the factor of t is 4.30, with eight it is 2.12.
   *
   * @param family samples of one kind that share no run
   * @param coefficients c, one a sample; those with 0 lend their standard deviation only
   * @return an effect of NaN if a sample that counts is empty
   */
  public static Interval of(List<Sample> family, double... coefficients) {
    double effect = 0;
    double scale = 0;
    double squares = 0;
    int freedom = 0;
    int seeds = Integer.MAX_VALUE;
    for (int i = 0; i < coefficients.length; i++) {
      Sample sample = family.get(i);
      double mean = sample.mean();
      for (double value : sample.values().values()) {
        squares += (value - mean) * (value - mean);
      }
      freedom += Math.max(0, sample.size() - 1);
      if (coefficients[i] != 0) {
        effect += coefficients[i] * mean;
        scale += coefficients[i] * coefficients[i] / sample.size();
        seeds = Math.min(seeds, sample.size());
      }
    }
    if (seeds < 2) {
      return new Interval(effect, Double.NaN, Double.NaN, seeds);
    }
    double t = TDistribution.of(freedom).inverseSurvivalProbability(UPPER_TAIL);
    double half = t * Math.sqrt(squares / freedom * scale);
    return new Interval(effect, effect - half, effect + half, seeds);
  }

  /** One interval a sample, all with the standard deviation pooled over the samples. */
  public static List<Interval> pooled(List<Sample> family) {
    return IntStream.range(0, family.size()).mapToObj(i -> of(family, only(i, family))).toList();
  }

  private static double[] only(int index, List<Sample> family) {
    double[] coefficients = new double[family.size()];
    coefficients[index] = 1;
    return coefficients;
  }

  /** Half the width; NaN where the standard deviation is unknown. */
  public double half() {
    return (high - low) / 2;
  }

  public boolean isKnown() {
    return !Double.isNaN(low);
  }
}
