package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Each of several cells decides by itself, with the spread pooled over all: reproduced if every one
 * is, not reproduced if one is not. The effect shown is that of the weakest.
 *
 * @param cells each with the effect in question
 */
record EveryCell(Function<Evidence, Cells> cells, Hypothesis hypothesis) implements Rule {

  @Override
  public Judgement judge(Evidence evidence) {
    Cells all = cells.apply(evidence);
    List<Sample> family = all.family();
    List<Judgement> judged = new ArrayList<>();
    int diverged = 0;
    for (int i = 0; i < family.size(); i++) {
      diverged += family.get(i).diverged();
      if (family.get(i).size() > 0) {
        double[] one = new double[family.size()];
        one[i] = 1;
        Estimate estimate = Estimate.of(family, one);
        judged.add(
            new Judgement(
                hypothesis.of(estimate),
                estimate,
                hypothesis.margin(),
                Cells.label(all.points().get(i))));
      }
    }
    if (judged.isEmpty()) {
      throw new MissingEvidenceException("no seed has both sides of a cell");
    }
    Judgement weakest = weakest(judged);
    boolean whole = judged.size() == family.size();
    Verdict verdict =
        weakest.verdict() == Verdict.REPRODUCED && !whole
            ? Verdict.INCONCLUSIVE
            : weakest.verdict();
    return new Judgement(
        verdict,
        weakest.estimate(),
        weakest.margin(),
        evidence(judged.size(), family.size(), weakest, diverged));
  }

  /** The worst verdict, and of those with it the one farthest from what is claimed. */
  private Judgement weakest(List<Judgement> judged) {
    return judged.stream()
        .max(
            Comparator.comparingInt((Judgement one) -> rank(one.verdict()))
                .thenComparingDouble(one -> hypothesis.weakness(one.estimate())))
        .orElseThrow();
  }

  static int rank(Verdict verdict) {
    return switch (verdict) {
      case NOT_REPRODUCED -> 2;
      case REPRODUCED -> 0;
      default -> 1;
    };
  }

  private static String evidence(int found, int all, Judgement weakest, int diverged) {
    if (all == 1) {
      return weakest.evidence();
    }
    return (found == all ? "weakest of %s cells: %s" : found + " of %s cells run, weakest: %s")
            .formatted(all, weakest.evidence())
        + (diverged == 0 ? "" : "; " + diverged + " diverged");
  }

  @Override
  public String words() {
    return "in every cell: " + hypothesis.words();
  }
}
