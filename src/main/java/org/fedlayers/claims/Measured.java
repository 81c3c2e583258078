package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/**
 * A claim that runs decide: by one effect, or by the same effect in each of several cells.
 *
 * @param contrasts one after the other
 * @param premise what must be there to be tested, in the same cells: its effect has to reach the
 *     margin; empty if nothing must
 */
record Measured(
    Measure measure, List<ContrastStep> contrasts, List<ContrastStep> premise, Decision decision)
    implements Rule {

  @Override
  public Judgement judge(Evidence evidence) {
    Samples claimed = effects(evidence.samples(measure), contrasts);
    Samples samples = claimed;
    if (!premise.isEmpty()) {
      Samples given = effects(evidence.samples(measure), premise);
      Interval largest =
          given.family().stream()
              .filter(sample -> sample.size() > 0)
              .max(Comparator.comparingDouble(Sample::mean))
              .map(Interval::of)
              .orElse(Interval.NONE);
      if (largest.mean() < decision.margin()) {
        return withoutPremise(given, largest);
      }
      samples =
          claimed.where(
              point -> !(given.byPoint().get(point).mean() < decision.margin()), "the premise");
    }
    Pooled pooled = pooled(samples, measure.claim().apart());
    Map<Map<String, String>, Interval> alone = pooled.alone();
    int all = samples.byPoint().size();
    int lacking = claimed.byPoint().size() - all;
    List<String> where = new ArrayList<>();
    if (lacking > 0) {
      where.add("%s of %s cells lack its premise".formatted(lacking, lacking + all));
    }
    if (alone.isEmpty()) {
      return withoutNumber(samples, where);
    }
    Verdict verdict = pooled.verdict(decision);
    Verdict ofThese = pooled.ofThese(decision);
    Map<Map<String, String>, Interval> known = pooled.known(alone);
    boolean numbers = known.isEmpty() && alone.size() == all;
    if (pooled.whole() || numbers) {
      where.add(all > 1 ? all + " cells" : "");
    } else {
      String holds = ofThese == Verdict.REPRODUCED ? "holds" : ofThese.text();
      where.add(partly(verdict == ofThese ? "an interval" : holds, samples, pooled.deciding()));
    }
    Map.Entry<Map<String, String>, Interval> weakest =
        Collections.max(
            (known.isEmpty() ? alone : known).entrySet(),
            Comparator.comparingDouble(cell -> decision.weakness(cell.getValue())));
    String cell = Samples.label(weakest.getKey());
    where.add(all > 1 && !cell.isEmpty() ? "weakest: " + cell : cell);
    where.add(seeds(samples.byPoint().get(weakest.getKey())));
    where.add(leftOut(samples));
    String gain = "";
    if (measure.isFinalAccuracy()) {
      Gain runs = gain(evidence, alone.keySet());
      boolean isMore = all == 1 && runs.most > Math.abs(weakest.getValue().mean());
      where.add(isMore ? runs.words() : "");
      gain = isMore ? "" : runs.words();
    }
    Pooled own = pooled(samples, weakest.getKey().keySet());
    if (own.verdict(decision) != verdict) {
      where.add(
          "%s with each cell's own standard deviation: %s"
              .formatted(own.verdict(decision).text(), deciding(own, weakest.getKey())));
    }
    if (ofThese == Verdict.INCONCLUSIVE && decision.fails(weakest.getValue())) {
      where.add(
          "corrected for %s cells %s"
              .formatted(alone.size(), number(pooled.atOnce().get(weakest.getKey()))));
    }
    where.removeIf(String::isEmpty);
    return new Judgement(
        verdict,
        weakest.getValue(),
        decision.margin(),
        decision.unit(),
        String.join("; ", where),
        notes(evidence, alone, gain));
  }

  private static String seeds(Sample sample) {
    String seeds = sample.size() == 1 ? "1 seed" : sample.size() + " seeds";
    int more = sample.toCome().size();
    return more == 0 ? seeds : seeds + ", " + more + " to come";
  }

  /** What ran and diverged, or has no ratio, is not what was not run. */
  private static Judgement withoutNumber(Samples samples, List<String> where) {
    String leftOut = leftOut(samples);
    if (leftOut.isEmpty()) {
      throw new NotMeasuredException("no seed has all of it");
    }
    where.add(partly("a number", samples, samples.byPoint().keySet()));
    where.add(leftOut);
    return Judgement.without(Verdict.NO_VERDICT, String.join("; ", where));
  }

  /**
   * In how many cells something is so, and why it cannot be told of the others.
   *
   * @param so cells of which it is known
   */
  private static String partly(String what, Samples samples, Set<Map<String, String>> so) {
    Map<String, Integer> without = new TreeMap<>();
    samples
        .byPoint()
        .forEach(
            (point, sample) -> {
              if (sample.size() == 0 || !so.contains(point)) {
                String why =
                    sample.size() > 0
                        ? sample.toCome().isEmpty() ? "of one seed" : "with seeds to come"
                        : sample.diverged() > 0
                            ? "lost to runs that diverged"
                            : sample.undefined() > 0 ? "without a ratio" : "not run";
                without.merge(why, 1, Integer::sum);
              }
            });
    int all = samples.byPoint().size();
    int known = all - without.values().stream().mapToInt(count -> count).sum();
    return without.entrySet().stream()
        .map(why -> why.getValue() + " " + why.getKey())
        .collect(
            Collectors.joining(", ", "%s in %s of %s cells, ".formatted(what, known, all), ""));
  }

  /** How many runs and seeds are in no number of any cell; empty if all are. */
  private static String leftOut(Samples samples) {
    var diverged = samples.family().stream().flatMap(one -> one.lost().stream()).distinct().count();
    int undefined = samples.family().stream().mapToInt(Sample::undefined).sum();
    return Stream.of(
            diverged > 0 ? diverged + " diverged" : "",
            undefined > 0 ? undefined + " without a ratio, as a side is not above 0" : "")
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /**
   * The interval of the weakest cell by its own seeds, or where another refutes, of that one: that
   * for all cells at once where it would refute if it were the only one.
   */
  private String deciding(Pooled own, Map<String, String> weakest) {
    boolean refutes = own.verdict(decision) == Verdict.NOT_REPRODUCED;
    Map<String, String> cell =
        own.atOnce().keySet().stream()
            .filter(one -> refutes && decision.fails(own.atOnce().get(one)))
            .findFirst()
            .orElse(weakest);
    Interval alone = own.alone().get(cell);
    return decision.fails(alone)
        ? (refutes ? Samples.label(cell) + " " : "")
            + "%s, corrected for %s cells"
                .formatted(number(own.atOnce().get(cell)), own.atOnce().size())
        : number(alone);
  }

  /** Cells share a standard deviation unless they differ along these axes. */
  private Pooled pooled(Samples samples, Collection<String> apart) {
    Map<Map<String, String>, Interval> alone = intervals(samples, apart, 1);
    Set<Map<String, String>> deciding = new HashSet<>(alone.keySet());
    deciding.removeIf(
        point -> !alone.get(point).isKnown() || !samples.byPoint().get(point).toCome().isEmpty());
    boolean whole = deciding.size() == samples.byPoint().size();
    return new Pooled(alone, intervals(samples, apart, alone.size()), deciding, whole);
  }

  /** Of some seeds not even a missing premise is known; nor of all cells where one has none. */
  private static Judgement withoutPremise(Samples given, Interval largest) {
    String words = "its premise is not met: %s at most, below the margin".formatted(largest);
    boolean ran = given.family().stream().allMatch(sample -> sample.size() > 0);
    if (!ran) {
      words += "; " + partly("a number", given, given.byPoint().keySet());
      return Judgement.without(Verdict.INCONCLUSIVE, words);
    }
    boolean known =
        given.family().stream().anyMatch(sample -> sample.size() > 1 && sample.toCome().isEmpty());
    return known
        ? Judgement.without(Verdict.NOTHING_TO_TEST, words)
        : new Judgement(
            Verdict.NO_VERDICT,
            new Interval(Double.NaN, Double.NaN, Double.NaN, largest.n()),
            Double.NaN,
            "",
            words + "; " + seeds(given.family().get(0)),
            List.of());
  }

  /** The effects by another measure, cell by cell. */
  private String numbers(Evidence evidence, Measure other) {
    Samples samples = effects(evidence.samples(other), contrasts);
    return intervals(samples, measure.claim().apart(), 1).values().stream()
        .map(this::number)
        .collect(Collectors.joining(", "));
  }

  private String number(Interval effect) {
    return Judgement.number(effect, decision.unit());
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * Every cell, other measures, and the end alone.
   *
   * @param gain how much final accuracies still gained; may be empty
   */
  private List<String> notes(
      Evidence evidence, Map<Map<String, String>, Interval> cells, String gain) {
    List<String> notes = new ArrayList<>();
    if (cells.size() > 1) {
      cells.forEach((cell, effect) -> notes.add(Samples.label(cell) + ": " + number(effect)));
    }
    for (String other : measure.claim().also()) {
      try {
        notes.add("by %s %s".formatted(other, numbers(evidence, measure.by(other))));
      } catch (NotMeasuredException none) {
        notes.add("by %s not measured".formatted(other));
      }
    }
    Measure cohort = measure.ofCohort();
    if (cohort != null) {
      try {
        notes.add("of the cohort's average " + numbers(evidence, cohort));
      } catch (NotMeasuredException none) {
        // Only one average was scored.
      }
    }
    if (!gain.isEmpty()) {
      notes.add(gain);
    }
    if (cells.size() == 1) {
      Interval only = cells.values().iterator().next();
      Measure late = measure.late();
      String end = late == null ? number(only) : numbers(evidence, late);
      if (!end.equals(number(only))) {
        notes.add(end + " in the last third of the rounds");
      }
      if (measure.isFinalAccuracy()) {
        course(evidence, only.mean(), notes);
      }
    }
    return notes;
  }

  /**
   * How much accuracy runs gained in their last third: a curve that still rises may end elsewhere.
   *
   * @param least of the arms that are compared, in points
   */
  private record Gain(double least, double most) {

    String words() {
      return said(
          most - least < 0.05
              ? "the runs gained %.1f points over their last third"
              : "the runs gained %.1f to %.1f points over their last third",
          least,
          most);
    }
  }

  /** Of the runs behind some of the cells. */
  private Gain gain(Evidence evidence, Set<Map<String, String>> cells) {
    Samples runs = evidence.samples(measure.over("gain"));
    for (ContrastStep step : contrasts) {
      runs = step.compared(runs);
    }
    DoubleSummaryStatistics gains =
        runs.byPoint().entrySet().stream()
            .filter(run -> cells.stream().anyMatch(cell -> Samples.isAt(run.getKey(), cell)))
            .map(Map.Entry::getValue)
            .filter(sample -> sample.size() > 0)
            .mapToDouble(Sample::mean)
            .summaryStatistics();
    return new Gain(gains.getMin(), gains.getMax());
  }

  /** The effect in each cell for which it is claimed. */
  Samples effects(Samples measured, List<ContrastStep> steps) {
    Samples samples = measured;
    for (ContrastStep step : steps) {
      samples = step.apply(samples);
    }
    return claimed(samples);
  }

  private Samples claimed(Samples samples) {
    ClaimOptions claim = measure.claim();
    return samples.where(
        point ->
            (claim.cells().isEmpty() || isAtOne(point, claim.cells()))
                && !isAtOne(point, claim.except()),
        claim.cells().isEmpty() ? "other than " + claim.except() : "one of " + claim.cells());
  }

  private static boolean isAtOne(Map<String, String> point, List<Map<String, String>> of) {
    return of.stream().anyMatch(one -> Samples.isAt(point, one));
  }

  /** The intervals of cells that were run; contrasts of logarithms become the fractions saved. */
  private Map<Map<String, String>, Interval> intervals(
      Samples samples, Collection<String> apart, int several) {
    Map<Map<String, String>, Interval> run = new LinkedHashMap<>(samples.intervals(apart, several));
    run.values().removeIf(interval -> interval.n() == 0);
    if (contrasts.stream().anyMatch(ContrastStep::isRatio)) {
      run.replaceAll((point, interval) -> interval.map(Sample::saved));
    }
    if (measure.over().equals("correlation")) { // no interval reaches beyond 1
      run.replaceAll((point, interval) -> interval.map(value -> Math.max(-1, Math.min(1, value))));
    }
    return run;
  }

  /** Notes where a contrast of final accuracies had the other sign during the runs. */
  private void course(Evidence evidence, double end, List<String> notes) {
    double largest = 0;
    double where = 0;
    for (double round : evidence.rounds(measure)) {
      Samples then = effects(evidence.samples(measure.over("round " + round)), contrasts);
      double effect =
          then.family().stream()
              .filter(one -> one.size() > 0)
              .findFirst()
              .map(Sample::mean)
              .orElse(0.0);
      if (effect * end < 0 && Math.abs(effect) > Math.abs(largest)) {
        largest = effect;
        where = round;
      }
    }
    if (Math.abs(largest) >= decision.margin()) {
      notes.add(said("the effect was %+.1f after round %.0f", largest, where));
    }
  }

  @Override
  public String experiment() {
    return measure.experiment();
  }

  @Override
  public String words() {
    String words = decision.words();
    return premise.isEmpty() ? words : words + "; nothing to test without the premise";
  }
}
