package org.fedlayers.claims;

import java.util.Locale;

/** The result of judging a claim. */
public enum Verdict {
  /** The interval is above 0 and the effect reaches the margin. */
  REPRODUCED,
  /** The interval is above 0, but wholly below the margin, or the effect below what was claimed. */
  WEAKER_THAN_CLAIMED,
  /** The interval is below the margin. */
  NOT_REPRODUCED,
  /** The interval is below 0. */
  OPPOSITE,
  /** The interval is compatible with both answers. */
  INCONCLUSIVE,
  /** The premise does not hold in these runs, such as a gap to be closed. */
  NOTHING_TO_TEST,
  NOT_RUN,
  OUT_OF_SCOPE,
  /**
   * No verdict: a number from one seed or from some of the seeds, a description, or runs that left
   * no number.
   */
  NO_VERDICT;

  /** The spelling in tables. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
