package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/**
 * Decided by runs: one effect, or the same in each of several cells.
 *
 * @param contrasts one after the other
 * @param cells which are kept after that: those that have all values of one of these maps; all if
 *     there is none
 * @param except values of axes that are left out, each map by itself
 * @param apart axes along which cells are not alike: standard deviations are pooled within equal
 *     values only
 * @param logarithmic whether the contrasts end in the logarithm of a ratio, shown as the fraction
 *     that is saved
 * @param premise what must be there to be tested, in the same cells: its effect has to reach the
 *     margin; null if nothing must
 * @param also other measures that stand beside the one that decides
 */
record Measured(
    Measure measure,
    List<Contrast> contrasts,
    List<Map<String, String>> cells,
    List<Map<String, String>> except,
    List<String> apart,
    boolean logarithmic,
    List<Contrast> premise,
    Decision decision,
    List<Measure> also)
    implements Rule {

  @Override
  public Judgement judge(Evidence evidence) {
    Samples samples = samples(evidence, measure, contrasts);
    if (premise != null) {
      Map<Map<String, String>, Sample> given = samples(evidence, measure, premise).byPoint();
      Map<Map<String, String>, Sample> testable = new LinkedHashMap<>(samples.byPoint());
      testable.keySet().removeIf(point -> given.get(point).mean() < decision.margin());
      if (testable.isEmpty()) {
        double largest = given.values().stream().mapToDouble(Sample::mean).max().orElseThrow();
        return Judgement.without(
            Verdict.NOTHING_TO_TEST,
            String.format(Locale.ROOT, "the premise is %.2f at most, below the margin", largest));
      }
      samples = new Samples(testable);
    }
    return judgement(evidence, samples);
  }

  private Judgement judgement(Evidence evidence, Samples samples) {
    Map<Map<String, String>, Interval> intervals = intervals(samples, 1);
    intervals.values().removeIf(interval -> interval.n() == 0);
    int all = samples.points().size();
    if (intervals.isEmpty()) {
      throw new NotMeasuredException("no seed has all of it");
    }
    DoubleUnaryOperator scale = logarithmic ? log -> -Math.expm1(-log) : value -> value;
    List<Interval> shown = intervals.values().stream().map(cell -> cell.map(scale)).toList();
    List<Interval> atOnce =
        intervals(samples, intervals.size()).values().stream()
            .filter(interval -> interval.n() > 0)
            .map(cell -> cell.map(scale))
            .toList();
    Verdict verdict = decision.of(shown, atOnce);
    if (verdict == Verdict.REPRODUCED && shown.size() < all) {
      verdict = Verdict.INCONCLUSIVE;
    }
    int weakest = 0;
    for (int i = 1; i < shown.size(); i++) {
      boolean weaker = decision.weakness(shown.get(i)) > decision.weakness(shown.get(weakest));
      weakest = weaker ? i : weakest;
    }
    List<String> words = new ArrayList<>();
    String where = Samples.label(List.copyOf(intervals.keySet()).get(weakest));
    if (all > 1) {
      words.add(shown.size() == all ? all + " cells" : shown.size() + " of " + all + " cells run");
      words.add("weakest: " + where);
    } else if (!where.isEmpty()) {
      words.add(where);
    }
    int seeds = shown.get(weakest).n();
    words.add(seeds == 1 ? "1 seed" : seeds + " seeds");
    int diverged = samples.family().stream().mapToInt(Sample::diverged).sum();
    if (diverged > 0) {
      words.add(diverged + " diverged");
    }
    List<String> notes = new ArrayList<>();
    for (Measure other : also) {
      try {
        intervals(samples(evidence, other, contrasts), 1)
            .values()
            .forEach(one -> notes.add("by %s %s".formatted(other.y(), one.map(scale))));
      } catch (NotMeasuredException none) {
        notes.add("by %s not measured".formatted(other.y()));
      }
    }
    if (measure.isFinalAccuracy()) {
      notes.add(flatness(evidence));
      if (all == 1) {
        course(evidence, shown.get(0).mean(), notes);
      }
    }
    return new Judgement(
        verdict,
        shown.get(weakest),
        decision.margin(),
        decision.unit(),
        String.join("; ", words),
        String.join("; ", notes));
  }

  private Samples samples(Evidence evidence, Measure from, List<Contrast> steps) {
    Samples samples = evidence.samples(from);
    for (Contrast contrast : steps) {
      samples = contrast.of(samples);
    }
    if (!cells.isEmpty()) {
      samples =
          samples.where(
              point -> cells.stream().anyMatch(cell -> Samples.isAt(point, cell)),
              "one of " + cells);
    }
    for (Map<String, String> none : except) {
      samples = samples.where(point -> !Samples.isAt(point, none), "other than " + none);
    }
    return samples;
  }

  /** Pooled within like cells. */
  private Map<Map<String, String>, Interval> intervals(Samples samples, int several) {
    Map<Map<String, String>, Interval> intervals = new LinkedHashMap<>();
    samples.points().forEach(point -> intervals.put(point, Interval.NONE));
    samples.points().stream()
        .collect(Collectors.groupingBy(this::kind, LinkedHashMap::new, Collectors.toList()))
        .values()
        .forEach(
            alike -> {
              List<Interval> pooled =
                  Interval.pooled(alike.stream().map(samples.byPoint()::get).toList(), several);
              alike.forEach(point -> intervals.put(point, pooled.get(alike.indexOf(point))));
            });
    return intervals;
  }

  private Map<String, String> kind(Map<String, String> point) {
    Map<String, String> kind = new LinkedHashMap<>(point);
    kind.keySet().retainAll(apart);
    return kind;
  }

  /** Is the run long enough to speak of final accuracies? */
  private String flatness(Evidence evidence) {
    double gain =
        evidence.samples(measure.over("gain")).family().stream()
            .filter(sample -> sample.size() > 0)
            .mapToDouble(Sample::mean)
            .average()
            .orElse(Double.NaN);
    return String.format(Locale.ROOT, "%+.1f points in the last third of the runs", gain);
  }

  /** Where a contrast of final accuracies had the other sign on the way. */
  private void course(Evidence evidence, double end, List<String> notes) {
    TreeSet<Double> rounds = new TreeSet<>(evidence.rounds(measure));
    double largest = 0;
    double where = 0;
    for (double round : rounds) {
      Samples then = samples(evidence, measure.over("round " + round), contrasts);
      double effect = then.family().get(0).mean();
      if (effect * end < 0 && Math.abs(effect) > Math.abs(largest)) {
        largest = effect;
        where = round;
      }
    }
    if (Math.abs(largest) >= decision.margin()) {
      notes.add(String.format(Locale.ROOT, "was %+.1f after round %.0f", largest, where));
    }
  }

  /**
   * The difference that a figure shows, in the unit of the files; its margin is NaN unless that
   * difference is what is decided.
   */
  Optional<Claim.Compared> compared() {
    for (Contrast contrast : contrasts) {
      if (contrast instanceof Contrast.Difference difference && difference.one().size() == 1) {
        String axis = difference.one().keySet().iterator().next();
        double sign = decision.kind() == Decision.Kind.NOT_INFERIOR ? -1 : 1;
        double margin =
            contrasts.size() == 1 ? sign * decision.margin() / Evidence.POINTS : Double.NaN;
        return Optional.of(
            new Claim.Compared(
                axis, difference.one().get(axis), difference.other().get(axis), margin));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Integer> small() {
    return switch (decision.kind()) {
      case SUPERIOR -> List.of(0, 1);
      case NOT_INFERIOR -> List.of(-1, 0);
      case EQUIVALENT -> List.of(-1, 1);
    };
  }

  @Override
  public String words() {
    UnaryOperator<String> when =
        words -> premise == null ? words : words + "; nothing to test without the premise";
    return when.apply(decision.words());
  }
}
