package org.fedlayers.claims;

/**
 * What a rule found.
 *
 * @param estimate of the effect; that of the weakest cell where several decide
 * @param margin above 0, in the effect's unit: what is small enough not to matter; NaN without an
 *     effect
 * @param evidence where it was found, and whatever a reader of the verdict must know
 */
public record Judgement(Verdict verdict, Estimate estimate, double margin, String evidence) {

  static Judgement without(Verdict verdict, String evidence) {
    return new Judgement(verdict, Estimate.NONE, Double.NaN, evidence);
  }
}
