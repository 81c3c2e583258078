package org.fedlayers.claims;

import java.util.Locale;

/** What came of a claim. */
public enum Verdict {
  REPRODUCED,
  NOT_REPRODUCED,
  /** Measured, but the interval is too wide to tell, or there is none. */
  INCONCLUSIVE,
  NOT_RUN,
  OUT_OF_SCOPE;

  /** As tables spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Of several parts of a claim the one with the highest decides. */
  int rank() {
    return switch (this) {
      case NOT_REPRODUCED -> 2;
      case REPRODUCED -> 0;
      default -> 1;
    };
  }
}
