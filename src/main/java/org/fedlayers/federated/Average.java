package org.fedlayers.federated;

import java.util.Locale;

/** Which model is scored. Papers of this field differ, often silently. */
public enum Average {
  /** The mean of this round's client models. */
  COHORT,
  /**
   * The mean of every client's latest model; the initial one counts for clients that have not yet
   * trained.
   */
  ALL,
  /** What the server sends next: for FedDyn, FedAvgM and others not a mean of client models. */
  SERVER;

  /** The one that files spell so: {@code cohort}, {@code all} or {@code server}. */
  public static Average named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
