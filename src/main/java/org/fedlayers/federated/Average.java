package org.fedlayers.federated;

import java.util.Locale;

/** Which average is evaluated. Papers of this field differ in it, often without saying so. */
public enum Average {
  /** Cohort average: the weighted mean of this round's client models. */
  COHORT,
  /**
   * Average of all clients: the mean of every client's latest model, weighted by samples. A client
   * that has not trained yet counts with the initial model.
   */
  ALL,
  /** The server's own weights, sent next. For FedDyn, FedAvgM and others no mean of models. */
  SERVER;

  /** The constant by its name in files: {@code cohort}, {@code all} or {@code server}. */
  public static Average named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
