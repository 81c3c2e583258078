package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        return Judgement.without(
            Verdict.NOTHING_TO_TEST,
            said("the premise is %.2f at most, below the margin", largest));
      }
      samples =
          samples.where(
              point -> !(given.byPoint().get(point).mean() < decision.margin()), "the premise");
    }
    Map<Map<String, String>, Interval> alone = intervals(samples, 1);
    if (alone.isEmpty()) {
      throw new NotMeasuredException("no seed has all of it");
    }
    Verdict verdict =
        decision.of(
            List.copyOf(alone.values()), List.copyOf(intervals(samples, alone.size()).values()));
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
    where.removeIf(String::isEmpty);
    return new Judgement(
        verdict,
        weakest.getValue(),
        decision.margin(),
        decision.unit(),
        String.join("; ", where),
        String.join("; ", notes(evidence, all, weakest.getValue().mean())));
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Other measures, and for final accuracies how much the runs still gained at their end. */
  private List<String> notes(Evidence evidence, int cells, double effect) {
    List<String> notes = new ArrayList<>();
    for (String other : measure.claim().also()) {
      try {
        intervals(effects(evidence.samples(measure.by(other)), contrasts), 1)
            .values()
            .forEach(one -> notes.add("by %s %s".formatted(other, one)));
      } catch (NotMeasuredException none) {
        notes.add("by %s not measured".formatted(other));
      }
    }
    if (measure.isFinalAccuracy()) {
      double gain = evidence.samples(measure.over("gain")).meanOfMeans();
      notes.add(said("%+.1f points in the last third of the runs", gain));
    }
    if (measure.isFinalAccuracy() && cells == 1) {
      course(evidence, effect, notes);
    }
    return notes;
  }

  /** The effect in each cell for which it is claimed. */
  Samples effects(Samples measured, List<ContrastStep> steps) {
    ClaimOptions claim = measure.claim();
    Samples samples = measured;
    for (ContrastStep step : steps) {
      samples = step.apply(samples);
    }
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
  private Map<Map<String, String>, Interval> intervals(Samples samples, int several) {
    Map<Map<String, String>, Interval> run =
        new LinkedHashMap<>(samples.intervals(measure.claim().apart(), several));
    run.values().removeIf(interval -> interval.n() == 0);
    if (contrasts.stream().anyMatch(ContrastStep::isRatio)) {
      run.replaceAll((point, interval) -> interval.map(log -> -Math.expm1(-log)));
    }
    return run;
  }

  /** Notes where a contrast of final accuracies had the other sign during the runs. */
  private void course(Evidence evidence, double end, List<String> notes) {
    double largest = 0;
    double where = 0;
    for (double round : evidence.rounds(measure)) {
      Samples then = effects(evidence.samples(measure.over("round " + round)), contrasts);
      double effect = then.family().get(0).mean();
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
