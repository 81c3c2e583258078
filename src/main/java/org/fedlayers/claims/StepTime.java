package org.fedlayers.claims;

import java.util.Comparator;
import java.util.List;

/**
 * Decided by the bench: how much longer a training step takes than another, in paired turns on one
 * machine. Turns are no seeds, so their whole range stands where others have an interval.
 *
 * @param comparison as {@code steps.csv} names it
 * @param margin share of a step that does not matter
 * @param besides what else there is to say
 */
record StepTime(String comparison, double margin, String besides) implements Rule {
  private static final String FILE = "bench/steps.csv";

  @Override
  public Judgement judge(Evidence evidence) {
    List<Row> rows =
        evidence.beside(FILE).stream()
            .filter(row -> row.text("comparison").equals(comparison))
            .toList();
    Row slowest =
        rows.stream()
            .max(Comparator.comparingDouble(row -> row.number("time_ratio_high")))
            .orElseThrow(
                () -> new MissingEvidenceException(FILE + " has no comparison " + comparison));
    Estimate longer =
        new Estimate(
            slowest.number("time_ratio") - 1,
            slowest.number("time_ratio_low") - 1,
            slowest.number("time_ratio_high") - 1,
            0);
    Verdict verdict =
        longer.high() < margin
            ? Verdict.REPRODUCED
            : longer.low() > margin ? Verdict.NOT_REPRODUCED : Verdict.INCONCLUSIVE;
    String where =
        "%s, %s on %s: the range of %s paired turns by the %s clock; %s"
            .formatted(
                FILE,
                slowest.text("net"),
                slowest.text("cpu"),
                slowest.text("repeats"),
                slowest.text("clock"),
                besides);
    return new Judgement(verdict, longer, margin, where);
  }

  @Override
  public boolean needsRuns() {
    return false;
  }

  @Override
  public String words() {
    return "reproduced if every turn took less than %s of a step longer, not if every one took more"
        .formatted(margin);
  }
}
