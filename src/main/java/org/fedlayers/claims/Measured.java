package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
    Samples samples = effects(evidence.samples(measure), contrasts);
    if (!premise.isEmpty()) {
      Samples given = effects(evidence.samples(measure), premise);
      double largest = given.family().stream().mapToDouble(Sample::mean).max().orElseThrow();
      if (largest < decision.margin()) {
        return withoutPremise(given, largest);
      }
      samples =
          samples.where(
              point -> !(given.byPoint().get(point).mean() < decision.margin()), "the premise");
    }
    List<String> apart = measure.claim().apart();
    Pooled pooled = pooled(samples, apart);
    Map<Map<String, String>, Interval> alone = pooled.alone;
    if (alone.isEmpty()) {
      throw new NotMeasuredException("no seed has all of it");
    }
    Verdict verdict = pooled.verdict(decision);
    Map.Entry<Map<String, String>, Interval> weakest =
        Collections.max(
            alone.entrySet(),
            Comparator.comparingDouble(cell -> decision.weakness(cell.getValue())));
    List<String> where = new ArrayList<>();
    int all = samples.byPoint().size();
    if (alone.size() == all) {
      where.add(all > 1 ? all + " cells" : "");
    } else if (verdict == Verdict.REPRODUCED) {
      verdict = Verdict.INCONCLUSIVE;
      where.add("holds in %s of %s cells, others not run".formatted(alone.size(), all));
    } else {
      where.add("%s of %s cells run".formatted(alone.size(), all));
    }
    String cell = Samples.label(weakest.getKey());
    where.add(all > 1 && !cell.isEmpty() ? "weakest: " + cell : cell);
    int seeds = weakest.getValue().n();
    where.add(seeds == 1 ? "1 seed" : seeds + " seeds");
    int diverged = samples.family().stream().mapToInt(Sample::diverged).sum();
    where.add(diverged > 0 ? diverged + " diverged" : "");
    Pooled own = pooled(samples, weakest.getKey().keySet());
    if (own.verdict(decision) != pooled.verdict(decision)) {
      where.add(
          "%s if standard deviations are not pooled: %s"
              .formatted(own.verdict(decision).text(), deciding(own, weakest.getKey())));
    }
    if (pooled.verdict(decision) == Verdict.INCONCLUSIVE && decision.fails(weakest.getValue())) {
      where.add(
          "not refuted where all cells hold at once: "
              + number(pooled.atOnce.get(weakest.getKey())));
    }
    where.removeIf(String::isEmpty);
    return new Judgement(
        verdict,
        weakest.getValue(),
        decision.margin(),
        decision.unit(),
        String.join("; ", where),
        notes(evidence, alone));
  }

  /** The interval of the weakest cell by its own seeds, or where another refutes, of that one. */
  private String deciding(Pooled own, Map<String, String> weakest) {
    boolean refutes = own.verdict(decision) == Verdict.NOT_REPRODUCED;
    return own.atOnce.entrySet().stream()
        .filter(cell -> refutes && decision.fails(cell.getValue()))
        .findFirst()
        .map(cell -> Samples.label(cell.getKey()) + " at once " + number(cell.getValue()))
        .orElseGet(() -> number(own.alone.get(weakest)));
  }

  /** The intervals of cells, of each by itself and of all at once. */
  private record Pooled(
      Map<Map<String, String>, Interval> alone, Map<Map<String, String>, Interval> atOnce) {
    Verdict verdict(Decision decision) {
      return decision.of(List.copyOf(alone.values()), List.copyOf(atOnce.values()));
    }
  }

  /** Cells share a standard deviation unless they differ along these axes. */
  private Pooled pooled(Samples samples, Collection<String> apart) {
    Map<Map<String, String>, Interval> alone = intervals(samples, apart, 1);
    return new Pooled(alone, intervals(samples, apart, alone.size()));
  }

  /** Of a single seed not even a missing premise is known. */
  private static Judgement withoutPremise(Samples given, double largest) {
    String words = said("what it presupposes is %.2f at most, below the margin", largest);
    boolean known = given.family().stream().anyMatch(sample -> sample.size() > 1);
    return known
        ? Judgement.without(Verdict.NOTHING_TO_TEST, words)
        : new Judgement(
            Verdict.NO_VERDICT,
            new Interval(Double.NaN, Double.NaN, Double.NaN, 1),
            Double.NaN,
            "",
            words + "; 1 seed",
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

  /** Every cell, other measures, the end alone, and how much final accuracies still gained. */
  private List<String> notes(Evidence evidence, Map<Map<String, String>, Interval> cells) {
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
    if (measure.isFinalAccuracy()) {
      double[] gains = gains(evidence);
      double least = gains[0];
      double most = gains[gains.length - 1];
      String range = said(most - least < 0.05 ? "%+.1f" : "%+.1f to %+.1f", least, most);
      notes.add(range + " points in the last third of these runs");
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

  /** What each of the arms that are compared gained in the last third of its runs, ascending. */
  private double[] gains(Evidence evidence) {
    Samples runs = evidence.samples(measure.over("gain"));
    for (ContrastStep step : contrasts) {
      runs = step.compared(runs);
    }
    return claimed(runs).family().stream()
        .filter(sample -> sample.size() > 0)
        .mapToDouble(Sample::mean)
        .sorted()
        .toArray();
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
      notes.add(said("was %+.1f after round %.0f", largest, where));
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
