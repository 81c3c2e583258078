package org.fedlayers.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Claims;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.experiment.Keys;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/**
 * The numbers of every kind of figure and table: for each panel, series and place one number per
 * seed and their interval by these seeds alone, in the unit of the axis. A contrast takes
 * differences seed by seed first.
 */
final class Estimates {
  private static final Map<String, String> TAKEN =
      Map.of(
          "last", "after the last round",
          "last10", "mean over the last third of the run (10 scored rounds at most)",
          "mean", "mean over the rounds",
          "best", "best over rounds",
          "reaching", "a run that never does counts with its last round");

  final List<Estimate> all;
  final Quantity quantity;
  final Claim.Compared contrast;
  private final FigureSpec spec;
  private final String x;
  private final String reduction;
  private final boolean seeded;
  private final boolean ofRuns;
  private boolean overRounds;

  /**
   * A point of a figure.
   *
   * @param x a number's text or a name
   * @param sample empty if the summary has the interval
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
      return Math.max(interval.n(), sample.size()) + diverged;
    }

    private Estimate map(DoubleUnaryOperator scale) {
      return new Estimate(panel, series, x, sample.map(scale), interval.map(scale), diverged);
    }
  }

  /**
   * @throws NotMeasuredException if there is nothing to show
   */
  Estimates(Rows rows, FigureSpec spec) {
    this(rows, spec, spec.panel(), spec.isHeat() ? List.of(spec.y()) : spec.series(), spec.x());
  }

  /**
   * Groups by columns other than those that the figure names.
   *
   * @throws NotMeasuredException if there is nothing to show
   */
  Estimates(Rows rows, FigureSpec spec, List<String> panels, List<String> series, String x) {
    this.spec = spec;
    this.x = x;
    contrast = contrast(spec);
    seeded = rows.has("seed") || rows.has("n");
    ofRuns = rows.has("round");
    String usual = spec.isSingle() ? "last" : "last10";
    boolean reaching = !spec.reaching().isEmpty();
    reduction = reaching ? "reaching" : spec.over().isEmpty() ? usual : spec.over();
    Quantity level = Quantity.of(reaching ? "round" : spec.measure(), 0);
    quantity =
        (contrast.saved() ? level.saved() : spec.isContrast() ? level.difference() : level)
            .titled(spec.isHeat() ? spec.valueTitle() : spec.yTitle());
    BinaryOperator<String> namer = spec.isHeat() ? (column, value) -> value : Names::of;
    List<Estimate> measured = new ArrayList<>();
    String together = x.equals("samples") && rows.has("round") ? "round" : x;
    for (var panel : rows.by(varying(panels, rows), Names::of).entrySet()) {
      Sample goals = reaching ? goals(panel.getValue()) : null;
      for (var one : panel.getValue().by(varying(series, rows), namer).entrySet()) {
        for (Rows at : one.getValue().known(x).by(together).values()) {
          measured.add(measured(panel.getKey(), one.getKey(), at, goals));
        }
      }
    }
    all =
        measured.stream()
            .map(one -> one.map(value -> quantity.factor() * value))
            .filter(one -> one.isKnown() || one.diverged > 0)
            .toList();
    if (all.isEmpty()) {
      String both =
          contrast.axis() == null
              ? ""
              : " of %s and %s by one seed".formatted(contrast.one(), contrast.other());
      throw new NotMeasuredException(
          "%s%s (%s)".formatted(spec.measure(), both, rows.table().name()));
    }
  }

  /**
   * The difference that the figure shows and margins to compare it with, taken from the claim if
   * the figure names one. The axis is null if the figure shows no difference.
   *
   * @throws UserError if there is no such claim
   */
  static Claim.Compared contrast(FigureSpec spec) {
    if (!spec.hasClaim()) {
      Map<String, String> sides = spec.contrast();
      List<Double> margins = spec.margin() == null ? List.of() : List.of(spec.margin());
      return new Claim.Compared(
          sides.get("column"), sides.get("of"), sides.get("minus"), false, margins);
    }
    Map<String, Claim.Compared> known = new LinkedHashMap<>();
    Claims.all().forEach(claim -> claim.compared().ifPresent(one -> known.put(claim.id(), one)));
    String id = String.valueOf(spec.claim().content());
    if (!known.containsKey(id)) {
      throw new UserError(
          "%s: there is no claim '%s' with a difference%s"
              .formatted(spec.claim().place(), id, Spelling.hint(id, known.keySet())));
    }
    return known.get(id);
  }

  /**
   * Leaves out settings that do not vary here: at a small scale the grid of an experiment has fewer
   * axes, and its tables have fewer columns.
   */
  static List<String> varying(List<String> columns, Rows rows) {
    return columns.stream().filter(column -> rows.has(column) || !Keys.isSetting(column)).toList();
  }

  private Estimate measured(String panel, String series, Rows at, Sample goals) {
    String measure = spec.measure();
    boolean hasEnds = at.has(measure + "_low");
    if (!hasEnds && !at.has("n")) {
      Sample sample = sample(at, goals);
      Estimate own =
          new Estimate(panel, series, place(at), sample, Interval.of(sample), sample.diverged());
      return contrast.saved() ? own.map(Sample::saved) : own;
    }
    if (at.count() != 1) {
      throw at.mixed();
    }
    overRounds = TAKEN.containsKey(measure);
    Interval summary =
        new Interval(
            at.numbers(measure)[0],
            hasEnds ? at.numbers(measure + "_low")[0] : Double.NaN,
            hasEnds ? at.numbers(measure + "_high")[0] : Double.NaN,
            at.has("n") ? (int) at.numbers("n")[0] : 0);
    int diverged = at.has("diverged") ? (int) at.numbers("diverged")[0] : 0;
    return new Estimate(panel, series, place(at), Sample.of(), summary, diverged);
  }

  /** The place of a group; where seeds have processed different numbers of images, their mean. */
  private String place(Rows at) {
    List<String> places = at.texts(x).stream().distinct().toList();
    return places.size() == 1
        ? places.get(0)
        : String.valueOf(Arrays.stream(at.numbers(x)).average().orElseThrow());
  }

  private Sample sample(Rows rows, Sample goals) {
    if (contrast.axis() == null) {
      return scores(rows, goals);
    }
    Sample one = scores(rows.where(Map.of(contrast.axis(), contrast.one())), goals);
    Sample other = scores(rows.where(Map.of(contrast.axis(), contrast.other())), goals);
    return contrast.saved() ? one.logRatio(other) : one.minus(other);
  }

  private Sample scores(Rows rows, Sample goals) {
    overRounds |= rows.count() > rows.seeds();
    return goals == null
        ? Sample.of(rows, spec.measure(), Reduction.named(reduction))
        : Sample.roundsTo(rows, spec.measure(), goals);
  }

  /** The accuracy to be reached, by seed: the one with which the rows named by the figure end. */
  private Sample goals(Rows panel) {
    Rows baseline = panel.where(spec.reaching());
    if (baseline.count() == 0) {
      throw new NotMeasuredException("what is to be reached (" + panel.table().name() + ")");
    }
    return Sample.of(baseline, spec.measure(), Reduction.END);
  }

  List<String> panels() {
    return distinct(Estimate::panel);
  }

  List<String> series() {
    return distinct(Estimate::series);
  }

  List<String> places() {
    return distinct(Estimate::x);
  }

  private List<String> distinct(Function<Estimate, String> part) {
    return all.stream().map(part).distinct().toList();
  }

  /** The number of seeds: of each point, or of a curve at its longest; empty without seeds. */
  String seeds() {
    if (!seeded) {
      return "";
    }
    int least = fewestSeeds();
    int most = Collections.max(seedsOfEach());
    return (least < most ? least + " to " : "") + Context.counted(most);
  }

  int fewestSeeds() {
    return Collections.min(seedsOfEach());
  }

  private Collection<Integer> seedsOfEach() {
    boolean curves = spec.kind().equals("curves");
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (Estimate one : all) {
      List<String> shown = List.of(one.panel, one.series, curves ? "" : one.x);
      counts.merge(shown, one.seeds(), Math::max);
    }
    return counts.values();
  }

  /**
   * How to read the numbers, for the line under the title.
   *
   * @param bars how intervals over seeds are shown
   */
  String note(String bars) {
    StringJoiner note = new StringJoiner("; ");
    if (contrast.axis() != null) {
      note.add(
          "%s %s %s, seed by seed"
              .formatted(
                  Names.of(contrast.axis(), contrast.one()),
                  contrast.saved() ? "against" : "minus",
                  Names.of(contrast.axis(), contrast.other())));
    }
    if ("all".equals(spec.where().get("model"))) {
      note.add("the average of all clients' latest models is scored");
    }
    String taken = TAKEN.getOrDefault(spec.measure(), TAKEN.get(reduction));
    boolean atEnd = ofRuns && spec.over().equals("last");
    if (taken != null && (overRounds || atEnd)) {
      note.add(taken);
    }
    if (all.stream().anyMatch(one -> one.interval.isKnown())) {
      boolean seeds = all.stream().anyMatch(one -> one.interval.n() > 0);
      note.add(seeds ? bars : "error bars: from the smallest to the largest repetition");
    }
    if (all.stream().anyMatch(one -> one.diverged > 0)) {
      note.add("diverged: " + leftOut(Estimate::diverged));
    }
    if (all.stream().anyMatch(one -> one.sample.undefined() > 0)) {
      note.add("without a ratio: " + leftOut(one -> one.sample.undefined()));
    }
    return note.toString();
  }

  /** Seeds that are in no mean, by places told apart no more than needed: all layers are one. */
  private String leftOut(ToIntFunction<Estimate> seeds) {
    Map<String, List<Integer>> left;
    int parts = 0;
    do {
      left = new LinkedHashMap<>();
      for (Estimate one : all) {
        String place =
            Stream.of(one.panel, one.series, Names.of(x, one.x))
                .limit(parts)
                .filter(part -> !part.isEmpty())
                .distinct()
                .collect(joining(", "));
        left.computeIfAbsent(place, none -> new ArrayList<>()).add(seeds.applyAsInt(one));
      }
      parts++;
    } while (parts <= 3
        && left.values().stream().anyMatch(counts -> counts.stream().distinct().count() > 1));
    left.values().removeIf(counts -> Collections.max(counts) == 0);
    StringJoiner words = new StringJoiner("; ");
    left.forEach(
        (place, counts) -> {
          String lost =
              Context.counted(Collections.max(counts)) + (counts.size() > 1 ? " throughout" : "");
          words.add(place.isEmpty() ? lost : "%s (%s)".formatted(place, lost));
        });
    return words.toString();
  }
}
