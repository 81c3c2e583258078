package org.fedlayers.claims;

import static org.fedlayers.claims.Hypothesis.superior;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fedlayers.claims.Contrast.Effect;

/**
 * What is claimed of MAN, arXiv 2512.08314. The model scored is the average of all clients' latest,
 * which is most likely what was published; {@code rounds.csv} has the cohort's average beside it.
 */
final class ManClaims {
  static final String PAPER = "man";

  private static final String ZETA = "training.man";
  private static final String METHOD = "method";

  /** Accuracy is in points. One point does not matter. */
  private static final Hypothesis MORE = superior(1, "point");

  private static final Hypothesis FLATTER = superior(0.05, "of it");
  private static final Hypothesis FASTER = superior(0.1, "of the rounds");

  private ManClaims() {}

  static List<Claim> all() {
    return List.of(
        claim(
            "M1",
            "MAN makes every method more accurate on CIFAR-100 (at laptop scale: on CIFAR-10).",
            "accuracy with minus without MAN, in every cell, points",
            new EveryCell(e -> gain(accuracy(e, main(e))), MORE)),
        claim(
            "M2",
            "MAN makes every method more accurate on Tiny-ImageNet.",
            "accuracy with minus without MAN, in every cell, points",
            new EveryCell(e -> gain(accuracy(e, "man/tiny-imagenet")), MORE)),
        claim(
            "M3",
            "FedAvg with MAN reaches a given accuracy in far fewer rounds.",
            "share of its rounds that MAN saves FedAvg on the way to FedAvg's final accuracy, in"
                + " every split",
            new EveryCell(
                e -> roundsSaved(e).where(point -> Cells.isAt(point, METHOD, "fedavg")), FASTER)),
        claim(
            "M4",
            "MAN lowers the top eigenvalue and the trace of the global model's Hessian.",
            "share by which MAN lowers them, in every cell",
            AllOf.of(
                "eigenvalue", new EveryCell(e -> flattening(e, "eigenvalue", 0), FLATTER),
                "trace", new EveryCell(e -> flattening(e, "trace", 0), FLATTER))),
        claim(
            "M5",
            "MAN lowers the top eigenvalue of each layer's own Hessian, which what comes into the"
                + " layer bounds.",
            "share by which MAN lowers it, in every cell and layer",
            AllOf.of(
                "eigenvalue",
                new EveryCell(ManClaims::layers, FLATTER),
                "bound",
                Settled.byTests(
                    "exact, so tests hold it instead of runs",
                    "org.fedlayers.diagnostics.LayerBoundTest"))),
        claim(
            "M6",
            "FedAvg with MAN beats FedSAM, at about half the arithmetic a step.",
            "accuracy of FedAvg with MAN minus FedSAM without, in every split, points",
            new EveryCell(ManClaims::overSam, MORE)),
        claim(
            "M7",
            "FedDC, FedSpeed or FedDyn with MAN come first.",
            "accuracy, points; effect: lead of the first over the second",
            new Ranking(e -> accuracy(e, main(e)))),
        claim(
            "M8",
            "There is a useful range of the penalty's coefficient, and too much of it hurts.",
            "accuracy at coefficient 0.15 minus at 0, and minus at the largest, points",
            AllOf.of(
                "useful", new Contrast(e -> published(e, true), MORE),
                "too much hurts", new Contrast(e -> published(e, false), MORE))));
  }

  private static Claim claim(String id, String statement, String measure, Rule rule) {
    return new Claim(id, PAPER, statement, measure, rule);
  }

  /** The published set where the published protocol runs, CIFAR-10 where hours are few. */
  private static String main(Evidence evidence) {
    return evidence.scale().equals("paper") ? "man/cifar-100" : "man/methods";
  }

  private static Runs runs(String experiment) {
    return Runs.accuracy(experiment, "federated", "all");
  }

  private static Cells accuracy(Evidence evidence, String experiment) {
    return evidence.cells(runs(experiment));
  }

  private static Cells gain(Cells cells) {
    return cells.highestMinusLowest(ZETA);
  }

  private static Cells roundsSaved(Evidence evidence) {
    Cells cells = accuracy(evidence, main(evidence));
    return RoundsToTarget.saved(
        evidence,
        runs(main(evidence)),
        Map.of(ZETA, cells.lowest(ZETA)),
        Map.of(ZETA, cells.highest(ZETA)));
  }

  private static Cells flattening(Evidence evidence, String measure, int index) {
    Cells cells = evidence.cells(Runs.curvature(main(evidence), measure, index));
    return cells.at(ZETA, cells.lowest(ZETA)).shareSavedBy(cells.at(ZETA, cells.highest(ZETA)));
  }

  private static Cells layers(Evidence evidence) {
    Runs first = Runs.curvature(main(evidence), "layer", 0);
    Runs every =
        new Runs(
            first.experiment(),
            first.table(),
            Map.of("arm", "federated", "measure", "layer"),
            first.reduction());
    TreeSet<Integer> indices = new TreeSet<>();
    evidence
        .rows(every)
        .values()
        .forEach(
            bySeed ->
                bySeed
                    .values()
                    .forEach(run -> run.forEach(row -> indices.add((int) row.number("index")))));
    Map<String, Cells> byLayer = new LinkedHashMap<>();
    indices.forEach(
        index -> byLayer.put(String.valueOf(index), flattening(evidence, "layer", index)));
    return Cells.of("layer", byLayer);
  }

  private static Cells overSam(Evidence evidence) {
    Cells own = accuracy(evidence, main(evidence));
    Cells man = own.at(ZETA, own.highest(ZETA)).at(METHOD, "fedavg");
    boolean here = own.points().stream().anyMatch(point -> Cells.isAt(point, METHOD, "fedsam"));
    Cells sam =
        here ? own : accuracy(evidence, "man/controls").at("training.weight-decay", "0.001");
    return man.minus(sam.at(ZETA, sam.lowest(ZETA)).at(METHOD, "fedsam"));
  }

  private static Effect published(Evidence evidence, boolean overNone) {
    Cells cells = accuracy(evidence, "man/zeta");
    String other = overNone ? cells.lowest(ZETA) : cells.highest(ZETA);
    return Effect.only(cells.at(ZETA, "0.15").minus(cells.at(ZETA, other)), "0.15 minus " + other);
  }
}
