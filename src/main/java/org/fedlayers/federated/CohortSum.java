package org.fedlayers.federated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fold of a round: weighted means over the cohort, in double, added up in the cohort's order.
 * Updates are folded as they come and not kept, but for the short vectors of statistics.
 */
public final class CohortSum {
  private final long cohort;
  private final long all;
  private final Map<String, double[]> means = new HashMap<>();
  private final List<float[]> statistics = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();

  /**
   * @param cohort weights of the cohort's clients, added up: its samples, or draws; positive
   * @param all those of all clients
   */
  CohortSum(long cohort, long all) {
    if (cohort < 1) {
      throw new IllegalArgumentException("a cohort without a sample has no mean");
    }
    this.cohort = cohort;
    this.all = all;
  }

  void fold(ClientUpdate update) {
    double share = (double) update.weight() / cohort;
    update.uploads().forEach((name, vector) -> add(name, share, vector));
    float[] sent = update.uploads().getOrDefault(LocalTrainer.COLLECTED, update.statistics());
    fold(update.weight(), update.delta(), sent);
  }

  void fold(int weight, float[] delta, float[] ofNormalisers) {
    double share = (double) weight / cohort;
    add(Method.DELTA, share, delta);
    statistics.add(ofNormalisers);
    shares.add(share);
  }

  private void add(String name, double share, float[] vector) {
    double[] mean = means.computeIfAbsent(name, none -> new double[vector.length]);
    for (int i = 0; i < mean.length; i++) {
      mean[i] += share * vector[i];
    }
  }

  /**
   * sum_i p_i u_i of what the cohort sent under this name, p_i = n_i / samples of the cohort; where
   * clients are drawn by size, the fraction of draws.
   */
  public double[] mean(String upload) {
    double[] mean = means.get(upload);
    if (mean == null) {
      throw new IllegalArgumentException("no client sent '" + upload + "'");
    }
    return mean;
  }

  /**
   * The cohort's part of all samples. With it, (1/N) sum over the cohort of N p_i u_i, the update
   * of a mean over all clients, is {@code fraction() * mean(u)}.
   */
  public double fraction() {
    return (double) cohort / all;
  }

  List<float[]> statistics() {
    return statistics;
  }

  List<Double> shares() {
    return shares;
  }
}
