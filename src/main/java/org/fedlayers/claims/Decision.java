package org.fedlayers.claims;

import org.fedlayers.results.Interval;

/**
 * What is claimed of an effect.
 *
 * @param margin d above 0, in the effect's unit: what is small enough not to matter
 * @param unit of the effect and the margin
 */
record Decision(Kind kind, double margin, String unit) {

  /** The three shapes of a claim. */
  enum Kind {
    /** More than nothing. */
    SUPERIOR,
    /** No worse. */
    NOT_INFERIOR,
    /** The same. */
    EQUIVALENT;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  Verdict of(Interval interval) {
    if (!interval.isKnown()) {
      return Verdict.INCONCLUSIVE;
    }
    double low = interval.low();
    double high = interval.high();
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
  double weakness(Interval interval) {
    return kind == Kind.EQUIVALENT ? Math.abs(interval.mean()) : -interval.mean();
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
