package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Rows;

/**
 * Decided by the bench: the time of a training step against that of a plain step, in paired
 * repetitions on one machine. Repetitions of a timing are not independent seeds; the interval shown
 * is their minimum and maximum. Every net and machine has to hold.
 *
 * @param comparison as {@code steps.csv} names it
 * @param byPlain whether the effect is what the plain step saves of this one; else what this one
 *     saves of the plain step
 * @param besides what else there is to say
 */
record StepTime(String comparison, boolean byPlain, Decision decision, String besides)
    implements Rule {
  private static final String FILE = "bench/steps.csv";

  @Override
  public Judgement judge(Evidence evidence) {
    Rows rows = evidence.rows(FILE).where(Map.of("comparison", comparison));
    if (rows.count() == 0) {
      throw new NotMeasuredException(FILE + " has no comparison " + comparison);
    }
    List<Interval> saved = new ArrayList<>();
    for (int row = 0; row < rows.count(); row++) {
      double ratio = rows.numbers("time_ratio")[row];
      double low = rows.numbers("time_ratio_low")[row];
      double high = rows.numbers("time_ratio_high")[row];
      saved.add(
          byPlain
              ? new Interval(1 - 1 / ratio, 1 - 1 / low, 1 - 1 / high, 0)
              : new Interval(1 - ratio, 1 - high, 1 - low, 0));
    }
    int weakest =
        IntStream.range(0, saved.size())
            .boxed()
            .min(Comparator.comparingDouble(row -> saved.get(row).low()))
            .orElseThrow();
    String where =
        "%s, %s on %s: the range of %s paired turns by the %s clock"
            .formatted(
                FILE,
                rows.texts("net").get(weakest),
                rows.texts("cpu").get(weakest),
                rows.texts("repeats").get(weakest),
                rows.texts("clock").get(weakest));
    return new Judgement(
        decision.of(saved, saved),
        saved.get(weakest),
        decision.margin(),
        decision.unit(),
        where,
        besides);
  }

  @Override
  public boolean needsRuns() {
    return false;
  }

  @Override
  public List<Integer> small() {
    return decision.small();
  }

  @Override
  public String words() {
    return decision.words().replace("the interval", "the range of all turns");
  }
}
