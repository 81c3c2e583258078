package org.fedlayers.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.summarizingInt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
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
  private static final Map<String, String> TAKEN =
      Map.of(
          "last", "after the last round",
          "last10", "mean of the last scored rounds (10 at most)",
          "best", "best over rounds",
          "reaching", "a run that never does counts with its last round");

  final List<Estimate> all;
  final Quantity quantity;
  private final FigureSpec spec;
  private final String x;
  private final String reduction;
  private final boolean seeded;
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

    private int seeds() {
      return (sample == null ? interval.n() : sample.size()) + diverged;
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
    this(rows, spec, spec.panel(), spec.isHeat() ? List.of(spec.y()) : spec.series(), spec.x());
  }

  /**
   * Of columns other than those that the figure names.
   *
   * @throws NotMeasuredException if there is nothing to show
   */
  Estimates(Rows rows, FigureSpec spec, List<String> panels, List<String> series, String x) {
    this.spec = spec;
    this.x = x;
    seeded = rows.has("seed") || rows.has("n");
    String usual = spec.isSingle() ? "last" : "last10";
    boolean reaching = !spec.reaching().isEmpty();
    reduction = reaching ? "reaching" : spec.over().isEmpty() ? usual : spec.over();
    Quantity level = Quantity.of(reaching ? "round" : spec.measure(), 0);
    quantity =
        (spec.isContrast() ? level.difference() : level)
            .titled(spec.isHeat() ? spec.valueTitle() : spec.yTitle());
    BinaryOperator<String> namer = spec.isHeat() ? (column, value) -> value : Names::of;
    List<Estimate> measured = new ArrayList<>();
    String together = x.equals("samples") && rows.has("round") ? "round" : x;
    for (var panel : rows.by(FigureSpec.varying(panels, rows), Names::of).entrySet()) {
      Sample goals = reaching ? goals(panel.getValue()) : null;
      for (var one : panel.getValue().by(FigureSpec.varying(series, rows), namer).entrySet()) {
        for (Rows at : one.getValue().known(x).by(together).values()) {
          measured.add(measured(panel.getKey(), one.getKey(), place(at), at, goals));
        }
      }
    }
    boolean pooled = !spec.isSingle() && measured.stream().allMatch(one -> one.sample != null);
    List<Interval> intervals =
        pooled ? Interval.pooled(measured.stream().map(Estimate::sample).toList()) : List.of();
    all =
        IntStream.range(0, measured.size())
            .mapToObj(
                i -> measured.get(i).times(quantity.factor(), pooled ? intervals.get(i) : null))
            .filter(one -> one.isKnown() || one.diverged > 0)
            .toList();
    if (all.isEmpty()) {
      throw new NotMeasuredException("%s (%s)".formatted(spec.measure(), rows.table().name()));
    }
  }

  /** Where seeds have processed unequally many images by a round, it stands at their mean. */
  private String place(Rows at) {
    List<String> places = at.texts(x).stream().distinct().toList();
    return places.size() == 1
        ? places.get(0)
        : String.valueOf(Arrays.stream(at.numbers(x)).average().orElseThrow());
  }

  private Estimate measured(String panel, String series, String place, Rows group, Sample goals) {
    String measure = spec.measure();
    if (!group.has(measure + "_low")) {
      Sample sample = sample(group, goals);
      return new Estimate(panel, series, place, sample, Interval.of(sample), sample.diverged());
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
    return new Estimate(panel, series, place, null, summary, diverged);
  }

  private Sample sample(Rows rows, Sample goals) {
    if (!spec.isContrast()) {
      return scores(rows, goals);
    }
    String column = spec.contrast().get("column");
    return scores(rows.where(Map.of(column, spec.contrast().get("of"))), goals)
        .minus(scores(rows.where(Map.of(column, spec.contrast().get("minus"))), goals));
  }

  private Sample scores(Rows rows, Sample goals) {
    overRounds |= rows.count() > rows.seeds();
    return goals == null
        ? Sample.of(rows, spec.measure(), Reduction.named(reduction))
        : Sample.roundsTo(rows, spec.measure(), goals);
  }

  /** What has to be reached, by seed: that with which the rows named by the figure end. */
  private Sample goals(Rows panel) {
    Rows baseline = panel.where(spec.reaching());
    if (baseline.count() == 0) {
      throw new NotMeasuredException("what is to be reached (" + panel.table().name() + ")");
    }
    return Sample.of(baseline, spec.measure(), Reduction.END);
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

  /** With how many seeds: of each point, or of a curve at its longest; empty without seeds. */
  String seeds() {
    if (!seeded) {
      return "";
    }
    boolean curves = spec.kind().equals("curves");
    IntSummaryStatistics counts =
        all.stream()
            .collect(
                groupingBy(
                    one -> List.of(one.panel, one.series, curves ? "" : one.x),
                    summarizingInt(Estimate::seeds)))
            .values()
            .stream()
            .mapToInt(IntSummaryStatistics::getMax)
            .summaryStatistics();
    String most = Context.counted(counts.getMax());
    return counts.getMin() < counts.getMax() ? counts.getMin() + " to " + most : most;
  }

  /**
   * How to read the numbers, for the line under the title.
   *
   * @param bars how intervals over seeds are shown
   */
  String note(String bars) {
    StringJoiner note = new StringJoiner("; ");
    if (spec.isContrast()) {
      String column = spec.contrast().get("column");
      note.add(
          "%s minus %s, seed by seed"
              .formatted(
                  Names.of(column, spec.contrast().get("of")),
                  Names.of(column, spec.contrast().get("minus"))));
    }
    String taken = TAKEN.getOrDefault(spec.measure(), TAKEN.get(reduction));
    if (overRounds && taken != null) {
      note.add(taken);
    }
    if (all.stream().anyMatch(one -> one.interval.isKnown())) {
      boolean seeds = all.stream().anyMatch(one -> one.interval.n() > 0);
      note.add(seeds ? bars : "error bars: from the smallest to the largest repetition");
    }
    String lost =
        all.stream()
            .filter(one -> one.diverged > 0)
            .map(
                one ->
                    Stream.of(one.panel, one.series, Names.of(x, one.x))
                            .filter(part -> !part.isEmpty())
                            .distinct()
                            .collect(joining(", "))
                        + " (%s)".formatted(Context.counted(one.diverged)))
            .collect(joining("; "));
    if (!lost.isEmpty()) {
      note.add("diverged: " + lost);
    }
    return note.toString();
  }
}
