package org.fedlayers.federated;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;

/**
 * The treatment of normaliser statistics in federated training. Statistics are never weights: no
 * optimiser, control variate or momentum acts on them. The policy also says which weights of
 * normalisers are personal to a client or frozen.
 *
 * @param averaging how the server averages the clients' normaliser statistics
 * @param personal what clients keep to themselves; the server's averages of it then serve for
 *     scoring one global model, and where a client starts from that takes part for the first time;
 *     no method's vectors or momentum act on it across clients
 * @param freezeFrom the first round in which the server's statistics normalise in training too and
 *     no longer move (FixBN, arXiv 2303.06530); {@code Integer.MAX_VALUE} for never
 * @param freezeAffine whether scale and shift stop with them
 * @param global whether the server's statistics normalise in training too until then, and move by
 *     {@link Normaliser#RATE} a round towards the cohort's, each the mean of its batches' (FBN)
 */
public record StatisticsPolicy(
    Averaging averaging, Personal personal, int freezeFrom, boolean freezeAffine, boolean global) {

  public enum Averaging {
    /** sum_i p_i S_i for means and variances alike. */
    MEAN,
    /** The law of total variance: sum_i p_i (var_i + (mean_i - mean)^2). */
    TOTAL_VARIANCE;

    /**
     * The average of the clients' normaliser statistics, in double and in the clients' order.
     *
     * @param tensors the layout of a vector of statistics
     * @param fractions p_i of each client; their sum is 1
     * @param statistics vectors of equal length, at least one
     */
    public float[] average(List<Tensor> tensors, List<Double> fractions, List<float[]> statistics) {
      double[] average = new double[statistics.get(0).length];
      for (int client = 0; client < statistics.size(); client++) {
        float[] own = statistics.get(client);
        for (int i = 0; i < average.length; i++) {
          average[i] += fractions.get(client) * own[i];
        }
      }
      for (Tensor tensor : tensors) {
        if (this == TOTAL_VARIANCE && tensor.role() == Tensor.Role.VARIANCE) {
          addVarianceBetween(tensor, fractions, statistics, average);
        }
      }
      return Vectors.rounded(average);
    }

    /** Adds sum_i p_i (mean_i - mean)^2 to a variance; its mean is the tensor just before it. */
    private static void addVarianceBetween(
        Tensor variance, List<Double> fractions, List<float[]> statistics, double[] average) {
      for (int client = 0; client < statistics.size(); client++) {
        float[] own = statistics.get(client);
        for (int i = variance.offset(); i < variance.end(); i++) {
          double distance = own[i - variance.size()] - average[i - variance.size()];
          average[i] += fractions.get(client) * distance * distance;
        }
      }
    }
  }

  public enum Personal {
    NOTHING,
    /** Hybrid normalisation's mixing weight (HBN, arXiv 2505.21877). */
    MIX,
    /** All that belongs to normalisers: statistics and weights (FedBN, arXiv 2102.07623). */
    NORMALISERS
  }

  private static final Set<Tensor.Role> AFFINE =
      EnumSet.of(Tensor.Role.SCALE, Tensor.Role.SHIFT, Tensor.Role.MIX);

  public static final StatisticsPolicy AVERAGED =
      new StatisticsPolicy(Averaging.MEAN, Personal.NOTHING);

  /** FedBN. */
  public static final StatisticsPolicy PERSONAL =
      new StatisticsPolicy(Averaging.MEAN, Personal.NORMALISERS);

  /**
   * HBN, except for the origin of global statistics: the paper collects them in a pass of their own
   * before local training and moves them by 0.002; here they are the running ones of training,
   * moved by {@link Normaliser#RATE} within the round too.
   */
  public static final StatisticsPolicy HYBRID =
      new StatisticsPolicy(Averaging.TOTAL_VARIANCE, Personal.MIX);

  /**
   * FBN as arXiv 2505.21877 compares with it: S = 0.9 S + 0.1 cohort after each round. Its code
   * takes the variance between clients around the mean that has moved, and batches' variances as
   * they are; here it is around the cohort's mean, the law of total variance, and batches' are
   * unbiased, as elsewhere.
   */
  public static final StatisticsPolicy GLOBAL =
      new StatisticsPolicy(
          Averaging.TOTAL_VARIANCE, Personal.NOTHING, Integer.MAX_VALUE, false, true);

  public StatisticsPolicy {
    if (global && personal == Personal.NORMALISERS) {
      throw new UserError(
          "statistics cannot be global and personal: take one of FBN and FedBN, not both");
    }
  }

  /** Never frozen, and moving within the round. */
  public StatisticsPolicy(Averaging averaging, Personal personal) {
    this(averaging, personal, Integer.MAX_VALUE, false, false);
  }

  /** FixBN with its switch at the given round. */
  public static StatisticsPolicy frozenFrom(int round) {
    return new StatisticsPolicy(Averaging.MEAN, Personal.NOTHING, round, false, false);
  }

  /** How a round's training passes treat statistics. */
  Pass pass(int round) {
    return frozen(round) ? Pass.FROZEN : global ? Pass.COLLECTING : Pass.TRAINING;
  }

  public boolean frozen(int round) {
    return round >= freezeFrom;
  }

  boolean personalStatistics() {
    return personal == Personal.NORMALISERS;
  }

  Selection personalWeights(List<Tensor> weights) {
    return switch (personal) {
      case NOTHING -> new Selection(List.of());
      case MIX -> select(weights, Set.of(Tensor.Role.MIX));
      case NORMALISERS -> select(weights, AFFINE);
    };
  }

  Selection frozenWeights(List<Tensor> weights, int round) {
    return select(weights, freezeAffine && frozen(round) ? AFFINE : Set.of());
  }

  private static Selection select(List<Tensor> weights, Set<Tensor.Role> roles) {
    return new Selection(weights.stream().filter(tensor -> roles.contains(tensor.role())).toList());
  }
}
