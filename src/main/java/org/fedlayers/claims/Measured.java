package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/**
 * Decided by runs: one effect, or that of every cell.
 *
 * @param contrasts one after the other
 * @param cells which are kept after that: those that have all values of one of these maps; all if
 *     there is none
 * @param except values of axes that are left out
 * @param at values of axes where the effect is; the other cells lend their standard deviation
 * @param everyCell whether each cell decides by itself: reproduced if every one is, not reproduced
 *     if one is not; the effect shown is that of the weakest
 */
record Measured(
    Measure measure,
    List<Contrast> contrasts,
    List<Map<String, String>> cells,
    Map<String, String> except,
    Map<String, String> at,
    boolean everyCell,
    Decision decision)
    implements Rule {

  @Override
  public Judgement judge(Evidence evidence) {
    Samples samples = samples(evidence);
    return everyCell ? inEveryCell(samples) : once(samples);
  }

  Samples samples(Evidence evidence) {
    Samples samples = evidence.samples(measure);
    for (Contrast contrast : contrasts) {
      samples = contrast.of(samples);
    }
    if (!cells.isEmpty()) {
      samples =
          samples.where(
              point -> cells.stream().anyMatch(cell -> Samples.isAt(point, cell)),
              "one of " + cells);
    }
    return except.isEmpty()
        ? samples
        : samples.where(point -> !Samples.isAt(point, except), "other than " + except);
  }

  private Judgement once(Samples samples) {
    double[] coefficients;
    String label;
    if (!contrasts.isEmpty() && contrasts.get(contrasts.size() - 1) instanceof Contrast.Sum sum) {
      coefficients = sum.coefficients(samples);
      label = sum.label(samples);
    } else {
      Map<String, String> where =
          at.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, e -> samples.value(e.getKey(), e.getValue())));
      coefficients =
          samples.points().stream()
              .mapToDouble(point -> Samples.isAt(point, where) ? 1 : 0)
              .toArray();
      label = where.isEmpty() ? "the only cell" : String.join(", ", where.values());
    }
    Interval interval = Interval.of(samples.family(), coefficients);
    int diverged = 0;
    for (int i = 0; i < coefficients.length; i++) {
      diverged += coefficients[i] == 0 ? 0 : samples.family().get(i).diverged();
    }
    if (interval.n() == 0) {
      throw new NotMeasuredException("no seed has all of it");
    }
    return new Judgement(
        decision.of(interval), interval, decision.margin(), label + count(diverged));
  }

  private Judgement inEveryCell(Samples samples) {
    List<Interval> intervals = Interval.pooled(samples.family());
    List<Judgement> judged = new ArrayList<>();
    for (int i = 0; i < intervals.size(); i++) {
      if (intervals.get(i).n() > 0) {
        judged.add(
            new Judgement(
                decision.of(intervals.get(i)),
                intervals.get(i),
                decision.margin(),
                Samples.label(samples.points().get(i))));
      }
    }
    Judgement weakest =
        judged.stream()
            .max(
                Comparator.comparingInt((Judgement one) -> one.verdict().rank())
                    .thenComparingDouble(one -> decision.weakness(one.interval())))
            .orElseThrow(() -> new NotMeasuredException("no seed has both sides of a cell"));
    boolean whole = judged.size() == intervals.size();
    Verdict verdict =
        weakest.verdict() == Verdict.REPRODUCED && !whole
            ? Verdict.INCONCLUSIVE
            : weakest.verdict();
    int diverged = samples.family().stream().mapToInt(Sample::diverged).sum();
    String cells =
        intervals.size() == 1
            ? weakest.evidence()
            : (whole ? "weakest of %d cells: %s" : judged.size() + " of %d cells run, weakest: %s")
                    .formatted(intervals.size(), weakest.evidence())
                + count(diverged);
    return new Judgement(verdict, weakest.interval(), weakest.margin(), cells);
  }

  private static String count(int diverged) {
    return diverged == 0 ? "" : "; " + diverged + " diverged";
  }

  @Override
  public String words() {
    return (everyCell ? "in every cell: " : "") + decision.words();
  }
}
