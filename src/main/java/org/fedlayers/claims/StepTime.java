package org.fedlayers.claims;

import java.util.List;
import java.util.Map;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Rows;

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
    Rows rows = evidence.rows(FILE).where(Map.of("comparison", comparison));
    if (rows.count() == 0) {
      throw new NotMeasuredException(FILE + " has no comparison " + comparison);
    }
    double[] high = rows.numbers("time_ratio_high");
    int slowest = 0;
    for (int row = 1; row < high.length; row++) {
      slowest = high[row] > high[slowest] ? row : slowest;
    }
    Interval saved =
        new Interval(
            1 - rows.numbers("time_ratio")[slowest],
            1 - high[slowest],
            1 - rows.numbers("time_ratio_low")[slowest],
            0);
    Verdict verdict =
        saved.low() > -margin
            ? Verdict.REPRODUCED
            : saved.high() < -margin ? Verdict.NOT_REPRODUCED : Verdict.INCONCLUSIVE;
    String where =
        "%s, %s on %s: the range of %s paired turns by the %s clock"
            .formatted(
                FILE,
                rows.texts("net").get(slowest),
                rows.texts("cpu").get(slowest),
                rows.texts("repeats").get(slowest),
                rows.texts("clock").get(slowest));
    return new Judgement(verdict, saved, margin, "of a step", where, besides);
  }

  @Override
  public boolean needsRuns() {
    return false;
  }

  @Override
  public List<Integer> small() {
    return List.of(-1, 0);
  }

  @Override
  public String words() {
    return "reproduced if every turn took less than %s of a step longer, not if every one took more"
        .formatted(margin);
  }
}
