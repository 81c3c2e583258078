package org.fedlayers.claims;

import static org.fedlayers.claims.Hypothesis.equivalent;
import static org.fedlayers.claims.Hypothesis.superior;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.fedlayers.claims.Contrast.Effect;

/** What is claimed of divergence accumulation, arXiv 2306.02701, and the controls of its doubts. */
final class DivergenceClaims {
  static final String PAPER = "divergence";

  private static final String DEPTH = "divergence/depth";
  private static final String GUIDELINES = "divergence/guidelines";
  private static final String NET = "model.name";
  private static final String WIDTH = "model.width";
  private static final String DILATION = "model.dilation";
  private static final String KERNEL = "model.late-kernel";
  private static final String FEDERATED = "federated";
  private static final String CENTRAL = "central-large";

  /** Accuracy is in points. What is below these does not matter. */
  private static final Hypothesis MORE = superior(1, "point");

  private static final Hypothesis STEEPER = superior(0.5, "points per 10 layers");
  private static final Hypothesis MORE_DIVERGENT = superior(0.01, "of update");
  private static final Hypothesis CORRELATED = superior(0.2, "of the coefficient");
  private static final Hypothesis FASTER = superior(0.1, "of the rounds");

  private DivergenceClaims() {}

  static List<Claim> all() {
    return List.of(
        claim(
            "D1",
            "With IID data and 8 local epochs, FedAvg's accuracy falls beyond some depth.",
            "accuracy of ResNet-8 minus that of the deepest net, points",
            new Contrast(DivergenceClaims::fall, MORE)),
        claim(
            "D2",
            "Client drift costs more accuracy in deeper nets.",
            "slope on depth of the drift cost (central with large batches minus federated),"
                + " points per 10 layers",
            new Contrast(e -> Effect.slopePerTen(driftCost(e, DEPTH), NET), STEEPER)),
        claim(
            "D3",
            "Clients' models diverge more the deeper they are.",
            "slope on depth of the mean divergence of layers, by update and by cosine, per 10"
                + " layers",
            AllOf.of("update", divergenceSlope("update"), "cosine", divergenceSlope("cosine"))),
        claim(
            "D4",
            "Within a net, divergence grows from the output towards the input.",
            "Spearman correlation of a layer's update divergence with its distance from the"
                + " output, one coefficient a seed, in the deepest net",
            new Contrast(
                e -> towardsInput(e, Runs.layers(DEPTH, "kernel", spearman("update", 0))),
                CORRELATED)),
        claim(
            "D5",
            "Widening brings clients together, and helps federated training more than central.",
            "from the narrowest to the widest net: gain in accuracy beyond the central arm's,"
                + " points; and fall of update divergence",
            remedy("divergence/width", WIDTH, true)),
        claim(
            "D6",
            "A smaller receptive field does the same.",
            "from the largest to the smallest dilation: gain in accuracy beyond the central arm's,"
                + " points; and fall of update divergence",
            remedy("divergence/receptive-field", DILATION, false)),
        claim(
            "D7",
            "Both remedies together lift the deepest net most.",
            "gain of both remedies in the deepest net minus that in the shallowest, points",
            new Contrast(
                e -> Effect.only(guided(e).highestMinusLowest(NET), "deepest minus shallowest"),
                MORE)),
        claim(
            "D8",
            "Theory: on the way back to the input, each layer adds to how gradients of clients"
                + " differ.",
            "Spearman correlation of the spread of clients' gradients per weight with distance"
                + " from the output, over equal layers of the deepest tanh MLP at He"
                + " initialisation, one coefficient a seed",
            new Contrast(DivergenceClaims::theory, CORRELATED)),
        claim(
            "D9",
            "Control: with one local step a round, drift costs nothing.",
            "drift cost at one local step, points",
            new EveryCell(e -> driftCost(e, "divergence/one-step"), equivalent(1, "point"))),
        claim(
            "D10",
            "Control: the cost of depth survives four times the rounds, and a learning rate for"
                + " each depth.",
            "slope on depth of the drift cost, points per 10 layers",
            AllOf.of(
                "longer",
                new Contrast(
                    e -> Effect.slopePerTen(driftCost(e, "divergence/longer"), NET), STEEPER),
                "best rates",
                new Contrast(e -> Effect.slopePerTen(driftCostAtBestRates(e), NET), STEEPER))),
        claim(
            "D11",
            "Residual connections reduce what drift costs.",
            "drift cost without skip connections minus that with them, points",
            new Contrast(
                e -> {
                  Cells cost = driftCost(e, "divergence/skips");
                  return Effect.only(
                      cost.at("model.skips", "off").minus(cost.at("model.skips", "on")),
                      "off minus on");
                },
                MORE)),
        claim(
            "D12",
            "The remedies act most in the shallow layers.",
            "fall of update divergence in the half of the layers next to the input minus that in"
                + " the other half",
            AllOf.of(
                "width",
                inShallowLayers("divergence/width", WIDTH, true),
                "receptive field",
                inShallowLayers("divergence/receptive-field", DILATION, false))),
        claim(
            "D13",
            "The remedies speed up convergence.",
            "share of its rounds that the deepest net saves with both remedies, on the way to its"
                + " final accuracy without them",
            new Contrast(DivergenceClaims::roundsSaved, FASTER)));
  }

  private static Claim claim(String id, String statement, String measure, Rule rule) {
    return new Claim(id, PAPER, statement, measure, rule);
  }

  private static Cells accuracy(Evidence evidence, String experiment, String arm) {
    return evidence.cells(Runs.accuracy(experiment, arm, "cohort"));
  }

  private static Cells driftCost(Evidence evidence, String experiment) {
    return accuracy(evidence, experiment, CENTRAL).minus(accuracy(evidence, experiment, FEDERATED));
  }

  /** The central arms lend the spread of the same contrast. */
  private static Effect fall(Evidence evidence) {
    Map<String, Cells> byArm = new LinkedHashMap<>();
    for (String arm : List.of(FEDERATED, "central-small", CENTRAL)) {
      Cells cells = accuracy(evidence, DEPTH, arm);
      byArm.put(arm, cells.at(NET, cells.lowest(NET)).minus(cells.at(NET, cells.highest(NET))));
    }
    return Effect.at(Cells.of("arm", byArm), "arm", FEDERATED);
  }

  private static Rule divergenceSlope(String measure) {
    return new Contrast(
        e -> Effect.slopePerTen(e.cells(Runs.divergence(DEPTH, measure)), NET),
        superior(0.01, "of " + measure + " per 10 layers"));
  }

  private static Effect towardsInput(Evidence evidence, Runs runs) {
    Cells cells = evidence.cells(runs);
    return Effect.at(cells, NET, cells.highest(NET));
  }

  private static Effect theory(Evidence evidence) {
    Runs runs = Runs.layers("divergence/theory", "kernel", spearman("per_weight", 1));
    Cells tanh = evidence.cells(runs).at("model.activation", "tanh");
    // Four layers leave two of equal shape, whose coefficient is 1 or -1.
    Cells deep = tanh.where(point -> Cells.number(point.get(NET)) > 4);
    return Effect.at(deep, NET, deep.highest(NET));
  }

  /**
   * @param skipped layers left out at either end
   */
  private static ToDoubleFunction<List<Row>> spearman(String measure, int skipped) {
    return rows -> {
      List<Double> byLayer = List.copyOf(Runs.byLayer(rows, measure).values());
      List<Double> kept = byLayer.subList(skipped, byLayer.size() - skipped);
      double[] fromOutput = new double[kept.size()];
      double[] spread = new double[kept.size()];
      for (int layer = 0; layer < spread.length; layer++) {
        fromOutput[layer] = -layer;
        spread[layer] = kept.get(layer);
      }
      return new SpearmansCorrelation().correlation(fromOutput, spread);
    };
  }

  /**
   * @param up whether the remedy is the highest value of the axis, else the lowest
   */
  private static Rule remedy(String experiment, String axis, boolean up) {
    return AllOf.of(
        "accuracy",
        new Contrast(
            e -> {
              Cells federated = gain(accuracy(e, experiment, FEDERATED), axis, up);
              Cells central = gain(accuracy(e, experiment, CENTRAL), axis, up);
              return Effect.only(federated.minus(central), "federated gain minus central gain");
            },
            MORE),
        "divergence",
        new Contrast(
            e ->
                Effect.only(
                    gain(e.cells(Runs.divergence(experiment, "update")), axis, !up),
                    "fall of update"),
            MORE_DIVERGENT));
  }

  private static Cells gain(Cells cells, String axis, boolean up) {
    Cells upwards = cells.at(axis, cells.highest(axis));
    Cells downwards = cells.at(axis, cells.lowest(axis));
    return up ? upwards.minus(downwards) : downwards.minus(upwards);
  }

  private static Rule inShallowLayers(String experiment, String axis, boolean up) {
    return new Contrast(
        e ->
            Effect.only(
                gain(
                    e.cells(Runs.layers(experiment, "kernel", DivergenceClaims::shallowMinusDeep)),
                    axis,
                    !up),
                "shallow minus deep half"),
        MORE_DIVERGENT);
  }

  private static double shallowMinusDeep(List<Row> rows) {
    List<Double> byLayer = List.copyOf(Runs.byLayer(rows, "update").values());
    int half = byLayer.size() / 2;
    return mean(byLayer.subList(0, half)) - mean(byLayer.subList(half, byLayer.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }

  private static Cells guided(Evidence evidence) {
    Cells cells = accuracy(evidence, GUIDELINES, FEDERATED);
    Cells both = cells.at(WIDTH, cells.highest(WIDTH)).at(KERNEL, cells.lowest(KERNEL));
    Cells none = cells.at(WIDTH, cells.lowest(WIDTH)).at(KERNEL, cells.highest(KERNEL));
    return both.minus(none);
  }

  private static Effect roundsSaved(Evidence evidence) {
    Cells cells = accuracy(evidence, GUIDELINES, FEDERATED);
    Cells saved =
        RoundsToTarget.saved(
            evidence,
            Runs.accuracy(GUIDELINES, FEDERATED, "cohort"),
            Map.of(WIDTH, cells.lowest(WIDTH), KERNEL, cells.highest(KERNEL)),
            Map.of(WIDTH, cells.highest(WIDTH), KERNEL, cells.lowest(KERNEL)));
    return Effect.at(saved, NET, cells.highest(NET));
  }

  private static Cells driftCostAtBestRates(Evidence evidence) {
    String rates = "divergence/rates";
    return accuracy(evidence, rates, CENTRAL)
        .bestAlong("training.rate")
        .minus(accuracy(evidence, rates, FEDERATED).bestAlong("training.rate"));
  }
}
