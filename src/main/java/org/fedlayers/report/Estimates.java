package org.fedlayers.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/**
 * What every kind of figure and table shows: for each panel, series and place a number a seed and
 * their interval, in the unit of the axis. Points, bars and tables take the summary's intervals, or
 * pool the standard deviation over all that is shown; a contrast takes differences seed by seed
 * first. Curves and heat maps take each place by itself.
 */
final class Estimates {
  private static final String REACHING = "reaching";
  private static final Map<String, String> TAKEN =
      Map.ofEntries(
          Map.entry("last", "after the last round"),
          Map.entry("last10", "mean of the last scored rounds (10 at most)"),
          Map.entry("best", "best over rounds"),
          Map.entry(REACHING, "a run that never does counts with its last round"));

  final List<Estimate> all;
  final Quantity quantity;
  private final FigureSpec spec;
  private final String measure;
  private final String reduction;
  private boolean overRounds;

  /**
   * A point of a figure.
   *
   * @param x a number's text or a name
   * @param sample null if the summary has the interval
   * @param interval its mean is NaN where every run diverged
   * @param diverged how many runs did, and are in no mean
   */
  record Estimate(
      String panel, String series, String x, Sample sample, Interval interval, int diverged) {
    boolean isKnown() {
      return Double.isFinite(interval.mean());
    }

    double mean() {
      return interval.mean();
    }

    private Estimate times(double factor, Interval pooled) {
      return new Estimate(
          panel,
          series,
          x,
          sample == null ? null : sample.map(value -> factor * value),
          (pooled == null ? interval : pooled).map(value -> factor * value),
          diverged);
    }
  }

  /**
   * @throws NotMeasuredException if there is nothing to show
   */
  Estimates(Rows rows, FigureSpec spec) {
    this.spec = spec;
    boolean heat = spec.kind().equals("heat");
    boolean single = heat || spec.kind().equals("curves");
    measure =
        spec.text(heat ? "value" : "y", single || spec.has("contrast") ? "accuracy" : "last10");
    reduction = spec.has(REACHING) ? REACHING : spec.text("over", single ? "last" : "last10");
    Quantity level = Quantity.of(spec.has(REACHING) ? "round" : measure, 0);
    quantity =
        (spec.has("contrast") ? level.difference() : level)
            .titled(spec.text(heat ? "value-title" : "y-title", null));
    List<Estimate> measured = new ArrayList<>();
    List<String> series = heat ? List.of(spec.text("y")) : spec.words("series");
    BinaryOperator<String> namer = heat ? (column, value) -> value : Names::of;
    for (var panel : rows.by(spec.words("panel"), Names::of).entrySet()) {
      Sample targets = targets(panel.getValue());
      for (var one : panel.getValue().by(series, namer).entrySet()) {
        String x = spec.text("x", "samples");
        for (var at : one.getValue().known(x).by(x).entrySet()) {
          measured.add(measured(panel.getKey(), one.getKey(), at.getKey(), at.getValue(), targets));
        }
      }
    }
    boolean pooled = !single && measured.stream().allMatch(one -> one.sample != null);
    List<Interval> intervals =
        pooled ? Interval.pooled(measured.stream().map(Estimate::sample).toList()) : List.of();
    all =
        IntStream.range(0, measured.size())
            .mapToObj(
                i -> measured.get(i).times(quantity.factor(), pooled ? intervals.get(i) : null))
            .filter(one -> one.isKnown() || one.diverged > 0)
            .toList();
    if (all.isEmpty()) {
      throw new NotMeasuredException("%s (%s)".formatted(measure, rows.table().name()));
    }
  }

  private Estimate measured(String panel, String series, String x, Rows group, Sample targets) {
    if (!group.has(measure + "_low")) {
      Sample sample = sample(group, targets);
      return new Estimate(panel, series, x, sample, Interval.of(sample), sample.diverged());
    }
    if (group.count() != 1) {
      throw new UserError(
          group.table().name() + ": rows of different configurations cannot be told apart");
    }
    overRounds = TAKEN.containsKey(measure);
    Interval summary =
        new Interval(
            group.numbers(measure)[0],
            group.numbers(measure + "_low")[0],
            group.numbers(measure + "_high")[0],
            group.has("n") ? (int) group.numbers("n")[0] : 0);
    int diverged = group.has("diverged") ? (int) group.numbers("diverged")[0] : 0;
    return new Estimate(panel, series, x, null, summary, diverged);
  }

  /** What has to be reached, by seed: that with which the rows named by the figure end. */
  private Sample targets(Rows rows) {
    if (!spec.has(REACHING)) {
      return null;
    }
    Rows baseline = rows.where(spec.conditions(REACHING));
    if (baseline.count() == 0) {
      throw new NotMeasuredException("what is to be reached (" + rows.table().name() + ")");
    }
    return Sample.of(baseline, measure, Reduction.END);
  }

  private Sample sample(Rows rows, Sample targets) {
    if (!spec.has("contrast")) {
      return scores(rows, targets);
    }
    Map<String, Object> contrast = spec.conditions("contrast");
    String column = String.valueOf(contrast.get("column"));
    return scores(rows.where(Map.of(column, contrast.get("of"))), targets)
        .minus(scores(rows.where(Map.of(column, contrast.get("minus"))), targets));
  }

  private Sample scores(Rows rows, Sample targets) {
    overRounds |= rows.bySeed().values().stream().anyMatch(run -> run.count() > 1);
    return targets == null
        ? Sample.of(rows, measure, Reduction.named(reduction))
        : Sample.roundsTo(rows, measure, targets);
  }

  List<String> panels() {
    return all.stream().map(Estimate::panel).distinct().toList();
  }

  List<String> series() {
    return all.stream().map(Estimate::series).distinct().toList();
  }

  List<String> places() {
    return all.stream().map(Estimate::x).distinct().toList();
  }

  /**
   * How to read the numbers, for the line under the title.
   *
   * @param bars how intervals over seeds are shown
   */
  String note(String bars) {
    StringJoiner note = new StringJoiner("; ");
    if (spec.has("contrast")) {
      Map<String, Object> contrast = spec.conditions("contrast");
      String column = String.valueOf(contrast.get("column"));
      note.add(
          "%s minus %s, seed by seed"
              .formatted(
                  Names.of(column, String.valueOf(contrast.get("of"))),
                  Names.of(column, String.valueOf(contrast.get("minus")))));
    }
    String taken = TAKEN.get(TAKEN.containsKey(measure) ? measure : reduction);
    if (overRounds && taken != null) {
      note.add(taken);
    }
    if (all.stream().anyMatch(one -> one.interval.isKnown())) {
      boolean seeds = all.stream().anyMatch(one -> one.interval.n() > 0);
      note.add(seeds ? bars : "error bars: from the smallest to the largest repetition");
    }
    StringJoiner lost = new StringJoiner("; ", "diverged: ", "").setEmptyValue("");
    for (Estimate one : all) {
      if (one.diverged > 0) {
        String place = Names.of(spec.text("x", "samples"), one.x);
        Stream<String> parts = Stream.of(one.panel, one.series, place);
        lost.add(
            "%s (%s)"
                .formatted(
                    parts.filter(part -> !part.isEmpty()).distinct().collect(joining(", ")),
                    Context.counted(one.diverged)));
      }
    }
    return note.length() == 0 || lost.length() == 0 ? "" + note + lost : note + "; " + lost;
  }
}
