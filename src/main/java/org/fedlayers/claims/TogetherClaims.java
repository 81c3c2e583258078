package org.fedlayers.claims;

import static org.fedlayers.claims.Hypothesis.superior;

import java.util.List;
import org.fedlayers.claims.Contrast.Effect;

/**
 * What the three papers say to each other: questions of ours, put as claims so that runs decide.
 */
final class TogetherClaims {
  static final String PAPER = "together";

  private static final String DEPTH = "together/depth";
  private static final String NET = "model.name";
  private static final String NORMALISER = "model.normaliser";
  private static final String ZETA = "training.man";

  /** Accuracy is in points. One point does not matter. */
  private static final Hypothesis NARROWER = superior(1, "point");

  private TogetherClaims() {}

  static List<Claim> all() {
    return List.of(
        claim(
            "T1",
            "MAN narrows the gap that depth opens, whatever the normaliser.",
            "depth gap (accuracy of ResNet-8 minus that of the deepest net) without minus with MAN,"
                + " for every normaliser, points",
            new EveryCell(e -> withoutMinusWith(gap(e)), NARROWER)),
        claim(
            "T2",
            "FixBN narrows the gap that depth opens under BN.",
            "depth gap of BN minus that of FixBN, without MAN, points",
            new Contrast(
                e -> {
                  Cells gap = gap(e);
                  Cells narrowed = gap.at(NORMALISER, "bn").minus(gap.at(NORMALISER, "fixbn"));
                  return Effect.at(narrowed, ZETA, narrowed.lowest(ZETA));
                },
                NARROWER)),
        claim(
            "T3",
            "MAN brings the clients of the deepest net together, whatever the normaliser.",
            "update divergence of the deepest net without minus with MAN, for every normaliser",
            new EveryCell(
                e -> withoutMinusWith(deepest(e.cells(Runs.divergence(DEPTH, "update")))),
                superior(0.01, "of update"))),
        claim(
            "T4",
            "MAN flattens the deepest net, whatever the normaliser.",
            "share by which MAN lowers the Hessian's top eigenvalue in the deepest net, for every"
                + " normaliser",
            new EveryCell(
                e -> {
                  Cells top = deepest(e.cells(Runs.curvature(DEPTH, "eigenvalue", 0)));
                  return top.at(ZETA, top.lowest(ZETA))
                      .shareSavedBy(top.at(ZETA, top.highest(ZETA)));
                },
                superior(0.05, "of it"))));
  }

  private static Claim claim(String id, String statement, String measure, Rule rule) {
    return new Claim(id, PAPER, statement, measure, rule);
  }

  private static Cells gap(Evidence evidence) {
    Cells cells = evidence.cells(Runs.accuracy(DEPTH, "federated", "cohort"));
    return cells.at(NET, cells.lowest(NET)).minus(cells.at(NET, cells.highest(NET)));
  }

  private static Cells withoutMinusWith(Cells cells) {
    return cells.at(ZETA, cells.lowest(ZETA)).minus(cells.at(ZETA, cells.highest(ZETA)));
  }

  private static Cells deepest(Cells cells) {
    return cells.at(NET, cells.highest(NET));
  }
}
