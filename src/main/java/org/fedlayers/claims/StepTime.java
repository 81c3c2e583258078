package org.fedlayers.claims;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Rows;

/**
 * A claim that the bench decides: the time of a training step against that of a plain step, in
 * paired repetitions on one machine. Repetitions of a timing are not independent seeds; the
 * interval shown is their minimum and maximum. Every net and machine has to hold; the slowest is
 * shown.
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
    double[] ratio = rows.numbers("time_ratio");
    double[] low = rows.numbers("time_ratio_low");
    double[] high = rows.numbers("time_ratio_high");
    List<Interval> saved =
        IntStream.range(0, ratio.length)
            .mapToObj(
                row ->
                    byPlain
                        ? new Interval(1 - 1 / ratio[row], 1 - 1 / low[row], 1 - 1 / high[row], 0)
                        : new Interval(1 - ratio[row], 1 - high[row], 1 - low[row], 0))
            .toList();
    Interval weakest = Collections.min(saved, Comparator.comparingDouble(Interval::mean));
    Object[] where =
        Stream.of("net", "cpu", "repeats", "clock")
            .map(column -> rows.texts(column).get(saved.indexOf(weakest)))
            .toArray();
    return new Judgement(
        decision.of(saved, saved),
        weakest,
        decision.margin(),
        decision.unit() + " (range)",
        FILE + ", %s on %s over %s paired repetitions, by the %s clock".formatted(where),
        besides.isEmpty() ? List.of() : List.of(besides));
  }

  @Override
  public String words() {
    return decision.words().replace("the interval", "the range of all turns");
  }
}
