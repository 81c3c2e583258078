package org.fedlayers.claims;

import static org.fedlayers.claims.Hypothesis.equivalent;
import static org.fedlayers.claims.Hypothesis.notInferior;
import static org.fedlayers.claims.Hypothesis.superior;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.fedlayers.claims.Contrast.Effect;

/** What is claimed of batch normalisation and FixBN, arXiv 2303.06530. */
final class FixBnClaims {
  static final String PAPER = "fixbn";

  private static final String SWEEP = "fixbn/steps-per-round";
  private static final String STEPS = "training.steps";
  private static final String SPLIT = "partition";
  private static final String SKEWED = "classes-per-client";
  private static final String NORMALISER = "model.normaliser";
  private static final String BUFFERS = "training.buffers";

  /** Accuracy is in points. One point does not matter. */
  private static final Hypothesis MORE = superior(1, "point");

  private static final Hypothesis NO_LESS = notInferior(1, "point");
  private static final Hypothesis EQUAL = equivalent(1, "point");

  private FixBnClaims() {}

  static List<Claim> all() {
    return List.of(
        claim(
            "B1",
            "With many local steps and data from IID to moderately non-IID, BN is no worse than"
                + " GN.",
            "accuracy of BN minus GN at the most local steps, in every split but that by classes,"
                + " points",
            new EveryCell(
                e -> {
                  Cells difference = difference(e, "bn", "gn");
                  return difference
                      .at(STEPS, difference.highest(STEPS))
                      .where(point -> !Cells.isAt(point, SPLIT, SKEWED));
                },
                NO_LESS)),
        claim(
            "B2",
            "With one step a round, or very few classes a client, GN beats BN.",
            "accuracy of GN minus BN, in every cell with one step a round or split by classes,"
                + " points",
            new EveryCell(
                e ->
                    difference(e, "gn", "bn")
                        .where(
                            point ->
                                Cells.isAt(point, STEPS, "1") || Cells.isAt(point, SPLIT, SKEWED)),
                MORE)),
        claim(
            "B3",
            "At a fixed budget of steps, BN does not care how many of them are local; GN does.",
            "accuracy at the fewest minus at the most local steps, IID, points",
            AllOf.of(
                "BN the same", new Contrast(e -> fewestMinusMost(e, "bn"), EQUAL),
                "GN loses", new Contrast(e -> fewestMinusMost(e, "gn"), MORE))),
        claim(
            "B4",
            "FixBN is no worse than BN and GN anywhere, and gains most over BN with one step a"
                + " round and extreme skew.",
            "accuracy of FixBN minus BN, and minus GN, in every cell; and its gain over BN in that"
                + " corner minus the mean gain elsewhere, points",
            new AllOf(
                List.of(
                    new AllOf.Part(
                        "against BN", new EveryCell(e -> difference(e, "fixbn", "bn"), NO_LESS)),
                    new AllOf.Part(
                        "against GN", new EveryCell(e -> difference(e, "fixbn", "gn"), NO_LESS)),
                    new AllOf.Part("gains most there", new Contrast(FixBnClaims::corner, MORE))))),
        claim(
            "B5",
            "FixBN costs nothing: as many bytes a round, no more time a step.",
            "seconds of a step with frozen statistics over those of a BN step, minus 1; bytes follow"
                + " from the algorithm",
            new StepTime(
                "FixBN, statistics frozen",
                0.05,
                "FixBN sends what BN sends until the switch, and less after it")),
        claim(
            "B6",
            "Mechanism: with frozen statistics, one step a round of all clients is a step of"
                + " central training.",
            "largest relative difference of the two updates: below 1e-4 in float, 1e-10 in double",
            Settled.byTests(
                "exact, so tests hold it instead of runs", "org.fedlayers.federated.OneStepTest")),
        claim(
            "B7",
            "Momentum kept from round to round, by clients or by the server, helps every"
                + " normaliser, and most where rounds are short.",
            "accuracy with kept minus with reset momentum, in every cell; and that gain at the"
                + " fewest minus at the most local steps, points",
            new AllOf(
                List.of(
                    new AllOf.Part("local", new EveryCell(kept("local"), MORE)),
                    new AllOf.Part("global", new EveryCell(kept("global"), MORE)),
                    new AllOf.Part(
                        "most in short rounds",
                        new EveryCell(
                            e -> {
                              Cells local = kept("local").apply(e);
                              return local
                                  .at(STEPS, local.lowest(STEPS))
                                  .minus(local.at(STEPS, local.highest(STEPS)));
                            },
                            MORE))))),
        claim(
            "B8",
            "The findings carry over to ImageNet and to segmentation (Cityscapes).",
            "none",
            Settled.as(
                Verdict.OUT_OF_SCOPE, "neither the data nor the task is part of this suite")),
        claim(
            "B9",
            "Under label skew, FixBN gives a better global model than FedBN.",
            "accuracy of FixBN minus FedBN, points; FedBN defines no global model, so its clients'"
                + " scale, shift and statistics are averaged to score it",
            new Contrast(
                e -> {
                  Cells cells = accuracy(e, "fixbn/normalisers");
                  return Effect.only(
                      cells.at(NORMALISER, "fixbn").minus(cells.at(NORMALISER, "fedbn")),
                      "FixBN minus FedBN");
                },
                MORE)));
  }

  private static Claim claim(String id, String statement, String measure, Rule rule) {
    return new Claim(id, PAPER, statement, measure, rule);
  }

  private static Cells accuracy(Evidence evidence, String experiment) {
    return evidence.cells(Runs.accuracy(experiment, "federated", "cohort"));
  }

  private static Cells difference(Evidence evidence, String one, String other) {
    Cells cells = accuracy(evidence, SWEEP);
    return cells.at(NORMALISER, one).minus(cells.at(NORMALISER, other));
  }

  /** The normalisers lend each other the spread of the same contrast. */
  private static Effect fewestMinusMost(Evidence evidence, String normaliser) {
    Cells cells = accuracy(evidence, SWEEP).at(SPLIT, "iid");
    return Effect.at(
        cells.at(STEPS, cells.lowest(STEPS)).minus(cells.at(STEPS, cells.highest(STEPS))),
        NORMALISER,
        normaliser);
  }

  private static Effect corner(Evidence evidence) {
    Cells gain = difference(evidence, "fixbn", "bn");
    Map<String, String> corner =
        gain.points().stream()
            .filter(point -> Cells.isAt(point, STEPS, "1") && Cells.isAt(point, SPLIT, SKEWED))
            .findFirst()
            .orElseThrow(() -> new MissingEvidenceException("no cell in the corner"));
    return Effect.againstOthers(gain, corner, "corner minus the rest");
  }

  private static Function<Evidence, Cells> kept(String buffers) {
    return evidence -> {
      Cells cells = accuracy(evidence, "fixbn/momentum");
      return cells.at(BUFFERS, buffers).minus(cells.at(BUFFERS, "reset"));
    };
  }
}
