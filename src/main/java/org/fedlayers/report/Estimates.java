package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.fedlayers.data.UserError;
import org.fedlayers.experiment.EndOfRun;
import org.fedlayers.experiment.FirstReached;
import org.fedlayers.experiment.Interval;

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
      note.add("error bars: 95 % intervals");
    }
    return note.toString();
  }

  List<Estimate> of(Rows rows) {
    boolean summarised = rows.table().containsColumn(measure + "_low");
    List<Estimate> estimates = new ArrayList<>();
    List<double[]> perSeed = new ArrayList<>();
    rows.by(spec.words("panel"))
        .forEach(
            (panel, inPanel) -> {
              Map<Long, Double> targets = targets(inPanel);
              inPanel
                  .by(spec.words("series"))
                  .forEach(
                      (series, inSeries) ->
                          inSeries
                              .known(spec.text("x"))
                              .apart(spec.text("x"))
                              .forEach(
                                  (x, group) -> {
                                    double[] values = summarised ? null : perSeed(group, targets);
                                    if (summarised || values.length > 0) {
                                      Interval interval = summarised ? summary(group) : null;
                                      perSeed.add(values);
                                      estimates.add(new Estimate(panel, series, x, interval));
                                    }
                                  }));
            });
    overRounds |= summarised;
    if (summarised) {
      return estimates.stream().filter(e -> Double.isFinite(e.interval.mean())).toList();
    }
    if (estimates.isEmpty()) {
      throw new UserError(
          "%s: nothing to show in the figure '%s'".formatted(rows.table().name(), spec.name()));
    }
    List<Interval> intervals = Interval.pooled(perSeed);
    return IntStream.range(0, intervals.size())
        .mapToObj(i -> estimates.get(i).with(intervals.get(i)))
        .toList();
  }

  /** What has to be reached, by seed: that with which the rows named by the figure end. */
  private Map<Long, Double> targets(Rows rows) {
    if (!spec.has(REACHING)) {
      return Map.of();
    }
    Rows baseline = rows.where(spec.conditions(REACHING));
    if (baseline.count() == 0) {
      throw new UserError(
          "%s: no rows to be reached by the figure '%s'"
              .formatted(rows.table().name(), spec.name()));
    }
    return new Estimates(new FigureSpec(spec.kind(), Map.of("name", spec.name(), "y", measure)))
        .scores(baseline, Map.of());
  }

  /** As the experiment itself summarised it. */
  private Interval summary(Rows group) {
    if (group.count() != 1) {
      throw mixed(group);
    }
    return new Interval(
        group.numbers(measure)[0],
        group.numbers(measure + "_low")[0],
        group.numbers(measure + "_high")[0],
        (int) group.numbers("n")[0]);
  }

  private double[] perSeed(Rows rows, Map<Long, Double> targets) {
    if (!spec.has("contrast")) {
      return values(scores(rows, targets));
    }
    Map<?, ?> contrast = contrast();
    String column = String.valueOf(contrast.get("column"));
    Map<Long, Double> of = scores(rows.where(Map.of(column, contrast.get("of"))), targets);
    Map<Long, Double> minus = scores(rows.where(Map.of(column, contrast.get("minus"))), targets);
    Map<Long, Double> differences = new TreeMap<>();
    of.forEach(
        (seed, value) -> {
          if (minus.containsKey(seed)) {
            differences.put(seed, value - minus.get(seed));
          }
        });
    return values(differences);
  }

  private Map<?, ?> contrast() {
    if (spec.options().get("contrast") instanceof Map<?, ?> contrast
        && contrast.keySet().equals(Set.of("column", "of", "minus"))) {
      return contrast;
    }
    throw new UserError(
        "the figure '%s' has a contrast that is no map of column, of and minus"
            .formatted(spec.name()));
  }

  private static double[] values(Map<Long, Double> perSeed) {
    return perSeed.values().stream().filter(Double::isFinite).mapToDouble(value -> value).toArray();
  }

  /** By seed, in ascending order. */
  private Map<Long, Double> scores(Rows rows, Map<Long, Double> targets) {
    double[] seeds = rows.seedOfEach();
    boolean timed = rows.table().containsColumn("round");
    double[] rounds =
        timed
            ? rows.numbers("round")
            : DoubleStream.generate(() -> 1).limit(rows.count()).toArray();
    double[] values = rows.numbers(measure);
    Map<Long, List<Integer>> bySeed =
        IntStream.range(0, seeds.length)
            .boxed()
            .collect(
                Collectors.groupingBy(i -> (long) seeds[i], TreeMap::new, Collectors.toList()));
    Map<Long, Double> scores = new TreeMap<>();
    bySeed.forEach(
        (seed, indices) -> {
          requireOneConfiguration(rows, indices, rounds, timed);
          List<Integer> inOrder =
              indices.stream().sorted(Comparator.comparingDouble(i -> rounds[i])).toList();
          overRounds |= inOrder.size() > 1;
          scores.put(
              seed,
              reduction.equals(REACHING)
                  ? reached(inOrder, rounds, values, targets.get(seed))
                  : reduce(inOrder, rounds, values));
        });
    return scores;
  }

  private void requireOneConfiguration(
      Rows rows, List<Integer> indices, double[] rounds, boolean timed) {
    long distinct = indices.stream().mapToDouble(i -> rounds[i]).distinct().count();
    if (distinct < indices.size() && (timed || !reduction.equals("mean"))) {
      throw mixed(rows);
    }
  }

  private UserError mixed(Rows rows) {
    return new UserError(
        ("%s: the figure '%s' finds several configurations at one point; tell them apart by"
                + " series, panel or where")
            .formatted(rows.table().name(), spec.name()));
  }

  private double reduce(List<Integer> points, double[] rounds, double[] values) {
    return switch (reduction) {
      case "last" -> values[points.get(points.size() - 1)];
      case "last10" -> mean(EndOfRun.of(points, i -> rounds[i]), values);
      case "best" ->
          points.stream()
              .mapToDouble(i -> values[i])
              .filter(Double::isFinite)
              .max()
              .orElse(Double.NaN);
      case "mean" -> mean(points, values);
      default ->
          throw new UserError(
              "the figure '%s' is over '%s', expected last, last10, best or mean"
                  .formatted(spec.name(), reduction));
    };
  }

  /** NaN for a seed without a target. */
  private static double reached(
      List<Integer> points, double[] rounds, double[] values, Double target) {
    return target == null
        ? Double.NaN
        : FirstReached.round(points, i -> rounds[i], i -> values[i], target);
  }

  private static double mean(List<Integer> points, double[] values) {
    return points.stream().mapToDouble(i -> values[i]).average().orElseThrow();
  }
}
