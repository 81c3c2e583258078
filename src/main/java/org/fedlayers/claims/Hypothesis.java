package org.fedlayers.claims;

/**
 * What is claimed of an effect.
 *
 * @param margin d above 0, in the effect's unit: what is small enough not to matter
 * @param unit of the effect and the margin
 */
record Hypothesis(Kind kind, double margin, String unit) {

  /** The three shapes of a claim. */
  enum Kind {
    /** More than nothing. */
    SUPERIOR,
    /** No worse. */
    NOT_INFERIOR,
    /** The same. */
    EQUIVALENT
  }

  static Hypothesis superior(double margin, String unit) {
    return new Hypothesis(Kind.SUPERIOR, margin, unit);
  }

  static Hypothesis notInferior(double margin, String unit) {
    return new Hypothesis(Kind.NOT_INFERIOR, margin, unit);
  }

  static Hypothesis equivalent(double margin, String unit) {
    return new Hypothesis(Kind.EQUIVALENT, margin, unit);
  }

  Verdict of(Estimate estimate) {
    if (!estimate.hasInterval()) {
      return Verdict.INCONCLUSIVE;
    }
    double low = estimate.low();
    double high = estimate.high();
    boolean held =
        switch (kind) {
          case SUPERIOR -> low > 0;
          case NOT_INFERIOR -> low > -margin;
          case EQUIVALENT -> low > -margin && high < margin;
        };
    boolean refuted =
        switch (kind) {
          case SUPERIOR -> high < margin;
          case NOT_INFERIOR -> high < -margin;
          case EQUIVALENT -> high < -margin || low > margin;
        };
    return held ? Verdict.REPRODUCED : refuted ? Verdict.NOT_REPRODUCED : Verdict.INCONCLUSIVE;
  }

  /** How far from what is claimed: the larger, the weaker. */
  double weakness(Estimate estimate) {
    return kind == Kind.EQUIVALENT ? Math.abs(estimate.effect()) : -estimate.effect();
  }

  String words() {
    String d = (margin == Math.rint(margin) ? Math.round(margin) + " " : margin + " ") + unit;
    return switch (kind) {
      case SUPERIOR -> "reproduced if the interval is above 0, not if below " + d;
      case NOT_INFERIOR -> "reproduced if the interval is above -" + d + ", not if below";
      case EQUIVALENT -> "reproduced if the interval is within +-" + d + ", not if outside";
    };
  }
}
