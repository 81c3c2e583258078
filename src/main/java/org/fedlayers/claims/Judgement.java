package org.fedlayers.claims;

/**
 * What a rule found.
 *
 * @param estimate of the effect; that of the weakest cell where several decide
 * @param evidence where it was found, and whatever a reader of the verdict must know
 */
public record Judgement(Verdict verdict, Estimate estimate, String evidence) {

  static Judgement without(Verdict verdict, String evidence) {
    return new Judgement(verdict, Estimate.NONE, evidence);
  }
}
