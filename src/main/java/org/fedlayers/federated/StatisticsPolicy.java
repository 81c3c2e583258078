package org.fedlayers.federated;

/**
 * What federated training does with normaliser statistics, which are never weights: no optimiser,
 * control variate or momentum sees them.
 *
 * @param averaging how the server makes one of the cohort's
 * @param personal whether clients keep statistics and affine weights to themselves (FedBN, arXiv
 *     2102.07623); the server's averages then serve for scoring one global model only
 * @param freezeFrom the first round in which the server's statistics normalise in training too and
 *     no longer move (FixBN, arXiv 2303.06530); {@code Integer.MAX_VALUE} for never
 * @param freezeAffine whether scale and shift stop with them
 */
public record StatisticsPolicy(
    Averaging averaging, boolean personal, int freezeFrom, boolean freezeAffine) {

  public enum Averaging {
    /** sum_i p_i S_i for means and variances alike. */
    MEAN,
    /** The law of total variance: sum_i p_i (var_i + (mean_i - mean)^2). */
    TOTAL_VARIANCE
  }

  public static final StatisticsPolicy AVERAGED =
      new StatisticsPolicy(Averaging.MEAN, false, Integer.MAX_VALUE, false);
  public static final StatisticsPolicy PERSONAL =
      new StatisticsPolicy(Averaging.MEAN, true, Integer.MAX_VALUE, false);

  /** FixBN with its switch at the given round. */
  public static StatisticsPolicy frozenFrom(int round) {
    return new StatisticsPolicy(Averaging.MEAN, false, round, false);
  }

  public boolean frozen(int round) {
    return round >= freezeFrom;
  }
}
