package org.fedlayers.claims;

import org.fedlayers.results.Interval;

/**
 * What a rule found.
 *
 * @param interval of the effect; that of the weakest cell where several decide
 * @param margin above 0, in the effect's unit: what is small enough not to matter; NaN without an
 *     effect
 * @param evidence where it was found, and whatever a reader of the verdict must know
 */
public record Judgement(Verdict verdict, Interval interval, double margin, String evidence) {

  static Judgement without(Verdict verdict, String evidence) {
    return new Judgement(verdict, Interval.NONE, Double.NaN, evidence);
  }

  Judgement saying(Verdict otherVerdict, String otherEvidence) {
    return new Judgement(otherVerdict, interval, margin, otherEvidence);
  }
}
