package org.fedlayers.claims;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * An effect and its 95 % interval by Student's t.
 *
 * @param low NaN, as {@code high}, where there are fewer than two seeds
 * @param seeds the fewest that any part of the effect rests on
 */
public record Estimate(double effect, double low, double high, int seeds) {
  private static final double UPPER_TAIL = 0.025;
  static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN, 0);

  /**
   * The sum of c_i mean_i over samples, its interval with the standard deviation pooled over all of
   * them: with three seeds and one sample the factor of t is 4.30, with eight it is 2.12.
   *
   * @param family samples of one kind that share no run, so that their spreads can be pooled
   * @param coefficients c, one a sample; those with 0 lend their spread only
   * @throws MissingEvidenceException if a sample that counts is empty
   */
  static Estimate of(List<Sample> family, double... coefficients) {
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
        if (sample.size() == 0) {
          throw new MissingEvidenceException("no seed has all of it");
        }
        effect += coefficients[i] * mean;
        scale += coefficients[i] * coefficients[i] / sample.size();
        seeds = Math.min(seeds, sample.size());
      }
    }
    if (seeds < 2) {
      return new Estimate(effect, Double.NaN, Double.NaN, seeds);
    }
    double t = TDistribution.of(freedom).inverseSurvivalProbability(UPPER_TAIL);
    double half = t * Math.sqrt(squares / freedom * scale);
    return new Estimate(effect, effect - half, effect + half, seeds);
  }

  public boolean hasInterval() {
    return !Double.isNaN(low);
  }
}
