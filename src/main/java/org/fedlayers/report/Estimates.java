package org.fedlayers.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/**
 * One number a seed for each group of rows, and from these means with 95 % intervals whose standard
 * deviation is pooled over all groups shown. A contrast takes differences seed by seed first.
 */
final class Estimates {
  private static final String REACHING = "reaching";
  private final FigureSpec spec;
  private final String measure;
  private final String reduction;
  private boolean overRounds;

  /**
   * A point of a figure.
   *
   * @param x a number's text or a name
   */
  record Estimate(String panel, String series, String x, Interval interval) {
    Estimate with(Interval other) {
      return new Estimate(panel, series, x, other);
    }
  }

  Estimates(FigureSpec spec) {
    this.spec = spec;
    measure = spec.text("y", spec.has("contrast") ? "accuracy" : "last10");
    reduction = spec.text("over", spec.has(REACHING) ? REACHING : "last10");
  }

  /** The column that is measured. */
  String measure() {
    return measure;
  }

  /** What is shown of it: a level, a difference, or the rounds until it is reached. */
  Quantity quantity() {
    if (spec.has(REACHING)) {
      return Quantity.of("round", 0);
    }
    Quantity quantity = Quantity.of(measure, 0);
    return spec.has("contrast") ? quantity.difference() : quantity;
  }

  /** What error bars and points are, for the line under the title. */
  String note(List<Estimate> estimates) {
    StringJoiner note = new StringJoiner("; ");
    if (spec.has("contrast")) {
      Map<?, ?> contrast = contrast();
      note.add(
          "%s minus %s, seed by seed"
              .formatted(
                  Names.of(String.valueOf(contrast.get("of"))),
                  Names.of(String.valueOf(contrast.get("minus")))));
    }
    String taken = measure.matches("last|last10|best") ? measure : reduction;
    switch (overRounds ? taken : "") {
      case "last" -> note.add("after the last round");
      case "last10" -> note.add("mean of the last scored rounds (10 at most)");
      case "best" -> note.add("best over rounds");
      case REACHING -> note.add("a run that never does counts with its last round");
      default -> {}
    }
    if (estimates.stream().anyMatch(estimate -> Double.isFinite(estimate.interval.half()))) {
      boolean seeds = estimates.stream().anyMatch(estimate -> estimate.interval.n() > 0);
      note.add(seeds ? "error bars: 95 % intervals" : "error bars: half the whole range, each way");
    }
    return note.toString();
  }

  List<Estimate> of(Rows rows) {
    boolean summarised = rows.has(measure + "_low");
    List<Estimate> estimates = new ArrayList<>();
    List<Sample> family = new ArrayList<>();
    for (Map.Entry<String, Rows> panel : rows.by(spec.words("panel"), Names::of).entrySet()) {
      Sample targets = targets(panel.getValue());
      for (Map.Entry<String, Rows> series :
          panel.getValue().by(spec.words("series"), Names::of).entrySet()) {
        String x = spec.text("x");
        series
            .getValue()
            .known(x)
            .by(x)
            .forEach(
                (value, group) -> {
                  Sample sample = summarised ? null : sample(group, targets);
                  if (summarised || sample.size() > 0) {
                    Interval known = summarised ? summary(group) : null;
                    family.add(sample);
                    estimates.add(new Estimate(panel.getKey(), series.getKey(), value, known));
                  }
                });
      }
    }
    overRounds |= summarised && measure.matches("last|last10|best");
    if (summarised) {
      return estimates.stream().filter(e -> Double.isFinite(e.interval.mean())).toList();
    }
    if (estimates.isEmpty()) {
      throw new UserError(rows.table().name() + ": nothing to show");
    }
    List<Interval> intervals = Interval.pooled(family);
    return IntStream.range(0, intervals.size())
        .mapToObj(i -> estimates.get(i).with(intervals.get(i)))
        .toList();
  }

  /** What has to be reached, by seed: that with which the rows named by the figure end. */
  private Sample targets(Rows rows) {
    if (!spec.has(REACHING)) {
      return null;
    }
    Rows baseline = rows.where(spec.conditions(REACHING));
    if (baseline.count() == 0) {
      throw new UserError(rows.table().name() + ": no rows to be reached");
    }
    return Sample.of(baseline, measure, Reduction.END);
  }

  /** As the experiment itself summarised it. */
  private Interval summary(Rows group) {
    if (group.count() != 1) {
      throw new UserError(
          group.table().name() + ": rows of different configurations cannot be told apart");
    }
    return new Interval(
        group.numbers(measure)[0],
        group.numbers(measure + "_low")[0],
        group.numbers(measure + "_high")[0],
        group.has("n") ? (int) group.numbers("n")[0] : 0);
  }

  private Sample sample(Rows rows, Sample targets) {
    if (!spec.has("contrast")) {
      return scores(rows, targets);
    }
    Map<?, ?> contrast = contrast();
    String column = String.valueOf(contrast.get("column"));
    return scores(rows.where(Map.of(column, contrast.get("of"))), targets)
        .minus(scores(rows.where(Map.of(column, contrast.get("minus"))), targets));
  }

  private Map<?, ?> contrast() {
    if (spec.options().get("contrast") instanceof Map<?, ?> contrast
        && contrast.keySet().equals(Set.of("column", "of", "minus"))) {
      return contrast;
    }
    throw new UserError("contrast is no map of column, of and minus");
  }

  private Sample scores(Rows rows, Sample targets) {
    overRounds |= rows.bySeed().values().stream().anyMatch(run -> run.count() > 1);
    if (targets == null) {
      return Sample.of(rows, measure, Reduction.named(reduction));
    }
    return Sample.roundsTo(rows, measure, targets);
  }
}
