package org.fedlayers.federated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;

/**
 * The server's sum over a cohort: weighted means sum_i p_i u_i of what clients send, computed in
 * double and in the cohort's order, so that the bits do not depend on which client ends first.
 * Updates are added as they arrive and are not kept, except for the short vectors of statistics.
 */
public final class CohortSum {
  private final long cohort;
  private final long all;
  private final Map<String, double[]> means = new HashMap<>();
  private final List<float[]> statistics = new ArrayList<>();
  private final List<Double> fractions = new ArrayList<>();
  private double loss;
  private double penalty;
  private long processed;
  private int steps;

  /**
   * @param cohort total weight of the cohort's clients (samples, or draws); positive
   * @param all total weight of all clients
   */
  CohortSum(long cohort, long all) {
    this.cohort = cohort;
    this.all = all;
  }

  void add(ClientUpdate update) {
    double fraction = (double) update.weight() / cohort;
    update.uploads().forEach((name, vector) -> add(name, fraction, vector));
    float[] sent = update.uploads().getOrDefault(LocalTrainer.COLLECTED, update.statistics());
    add(update.weight(), update.delta(), sent);
    loss += update.loss() * update.weight();
    penalty += update.penalty() * update.weight();
    processed += update.processed();
    steps = Math.max(steps, update.steps());
  }

  void add(int weight, float[] delta, float[] ofNormalisers) {
    double fraction = (double) weight / cohort;
    add(Method.DELTA, fraction, delta);
    statistics.add(ofNormalisers);
    fractions.add(fraction);
  }

  private void add(String name, double fraction, float[] vector) {
    double[] mean = means.computeIfAbsent(name, none -> new double[vector.length]);
    for (int i = 0; i < mean.length; i++) {
      mean[i] += fraction * vector[i];
    }
  }

  /**
   * sum_i p_i u_i of what the cohort sent under this name, p_i = n_i / samples of the cohort; where
   * clients are drawn by size, the fraction of draws.
   *
   * @throws UserError if the method does not declare such an upload
   */
  public double[] mean(String upload) {
    Method.Slots.require(means.keySet(), "upload", upload);
    return means.get(upload);
  }

  /**
   * The cohort's fraction of all samples. With it, (1/N) sum over the cohort of N p_i u_i, the
   * update of a mean over all clients, is {@code fraction() * mean(u)}.
   */
  public double fraction() {
    return (double) cohort / all;
  }

  List<float[]> statistics() {
    return statistics;
  }

  List<Double> fractions() {
    return fractions;
  }

  /** Weighted mean training loss over the cohort, including the activation penalty. */
  double loss() {
    return loss / cohort;
  }

  /** Weighted mean activation penalty over the cohort. */
  double penalty() {
    return penalty / cohort;
  }

  /** Samples processed by the whole cohort. */
  long processed() {
    return processed;
  }

  /** Local steps of the client that took the most. */
  int steps() {
    return steps;
  }
}
