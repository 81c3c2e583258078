package org.fedlayers.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.report.Estimates.Estimate;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Rows;

/**
 * A measure over numbers, drawn upwards, with one line for each series. Points are of settings and
 * have error bars. Curves show the course of trainings: the mean over seeds with a band, or with a
 * thin line for each seed. A run that diverged ends in a cross, and the mean ends there, too.
 */
final class LineChart extends Plot {
  private static final int SEEDS_FOR_BANDS = 5;
  private static final int MARKS = 7;

  /** The distance of series at one place, so that their error bars can be told from each other. */
  private static final double DODGE = 0.012;

  private final boolean curves;
  private final boolean bands;
  private final double dodge;
  private final double factor;
  private final Scale y;

  LineChart(Rows rows, FigureSpec spec, Context context, Style style) {
    super(rows, spec, context, style);
    curves = spec.kind().equals("curves");
    // With few seeds a pointwise interval is wider than it is useful: then each seed is drawn.
    bands = curves && estimates.fewestSeeds() >= SEEDS_FOR_BANDS;
    // Series at one place stand apart only if they have bars that could hide each other.
    boolean barred = !curves && estimates.all.stream().anyMatch(one -> one.interval().isKnown());
    dodge = barred ? DODGE : 0;
    Quantity along =
        Quantity.of(spec.x(), Arrays.stream(rows.numbers(spec.x())).max().orElse(0))
            .titled(spec.xTitle());
    factor = along.factor();
    // Nets differ in how many layers they have.
    boolean own = spec.x().equals("index");
    Map<String, Scale> xs = new HashMap<>();
    Function<String, Scale> x =
        panel -> xs.computeIfAbsent(own ? panel : "", none -> scale(along.title(), "x"));
    y = scale(estimates.quantity.title(), "y");
    for (Estimate one : estimates.all) {
      x.apply(one.panel()).includeSetting(place(one.x()), !curves || estimates.places().size() < 6);
      y.include(one.mean());
      if (curves && !bands) {
        one.sample().values().values().forEach(value -> y.include(value));
      } else {
        y.include(one.interval().low(), one.interval().high());
      }
    }
    for (int i = 0; order.size() > 1 && i < order.size(); i++) {
      keys.add(key(i));
    }
    addLevels(y);
    addPanels(x, y, style.height(columns));
    if (curves && estimates.all.stream().anyMatch(one -> one.diverged() > 0)) {
      keys.add(
          new Key(
              "diverged",
              style.text,
              (pen, left, at) -> cross(pen.colour(Palette.INK), left + style.text / 2, at)));
    }
    String spreads = bands ? "bands: 95 % intervals" : "thick: mean, thin: single seeds";
    note = estimates.note(curves ? spreads : bars());
  }

  private Key key(int series) {
    double length = 2.4 * style.text;
    return new Key(
        order.get(series),
        length,
        (pen, x, at) ->
            pen.colour(Palette.colour(series))
                .stroke(style.line, curves ? null : Palette.dash(series))
                .line(x, at, x + length, at)
                .marker(series, x + length / 2, at, style.marker));
  }

  private double place(String value) {
    return Double.parseDouble(value) * factor;
  }

  private void cross(Pen pen, double at, double height) {
    pen.stroke(1.2 * style.line, null).cross(at, height, 1.4 * style.marker);
  }

  @Override
  void paint(Pen pen, Panel panel) {
    paintLevels(pen, panel, false);
    for (int i = 0; bands && i < order.size(); i++) {
      band(pen.colour(Palette.band(i)), panel, of(panel, i));
    }
    for (int i = 0; i < order.size(); i++) {
      List<Estimate> line = of(panel, i);
      double end = curves ? runs(pen.colour(Palette.colour(i)), panel, line) : panel.x.max();
      mean(pen.colour(Palette.colour(i)), panel, i, line, end);
    }
  }

  private List<Estimate> of(Panel panel, int series) {
    return estimates.all.stream()
        .filter(one -> one.panel().equals(panel.title) && one.series().equals(order.get(series)))
        .sorted(Comparator.comparingDouble(one -> place(one.x())))
        .toList();
  }

  private void band(Pen pen, Panel panel, List<Estimate> curve) {
    List<Estimate> known = curve.stream().filter(one -> one.interval().isKnown()).toList();
    double[] xs = known.stream().mapToDouble(one -> panel.x(place(one.x()))).toArray();
    double[] lows =
        known.stream()
            .mapToDouble(one -> panel.y(Math.max(one.interval().low(), y.min())))
            .toArray();
    double[] highs = known.stream().mapToDouble(one -> panel.y(one.interval().high())).toArray();
    pen.between(xs, lows, highs);
  }

  /**
   * Draws the line of each seed, and a cross where a run diverged.
   *
   * @return the last place that all runs have reached
   */
  private double runs(Pen pen, Panel panel, List<Estimate> curve) {
    Map<Long, TreeMap<Double, Double>> runs = new TreeMap<>();
    double last = Double.NEGATIVE_INFINITY;
    int lost = 0;
    for (Estimate one : curve) {
      last = place(one.x());
      lost += one.diverged();
      for (var seed : one.sample().values().entrySet()) {
        double shown = Math.max(seed.getValue(), y.min()); // zero has no place among powers of ten
        runs.computeIfAbsent(seed.getKey(), none -> new TreeMap<>()).put(last, shown);
      }
    }
    double end = last;
    for (TreeMap<Double, Double> run : runs.values()) {
      if (!bands && runs.size() > 1) {
        pen.stroke(0.45 * style.line, null)
            .path(
                run.keySet().stream().mapToDouble(panel::x).toArray(),
                run.values().stream().mapToDouble(panel::y).toArray());
      }
      if (lost > 0 && run.lastKey() < last) {
        cross(pen, panel.x(run.lastKey()), panel.y(run.lastEntry().getValue()));
        end = Math.min(end, run.lastKey());
        lost--;
      }
    }
    if (lost > 0) { // before it was scored
      cross(pen, panel.x(last), panel.y(y.min()));
    }
    return end;
  }

  private void mean(Pen pen, Panel panel, int series, List<Estimate> line, double end) {
    List<Estimate> known =
        line.stream()
            .filter(one -> one.isKnown() && place(one.x()) <= end)
            .filter(one -> Double.isFinite(panel.x(place(one.x())) + panel.y(one.mean())))
            .toList();
    double apart = dodge * panel.width * (series - (order.size() - 1) / 2.0);
    double[] xs = known.stream().mapToDouble(one -> panel.x(place(one.x())) + apart).toArray();
    double[] ys = known.stream().mapToDouble(one -> panel.y(one.mean())).toArray();
    pen.stroke(style.line, curves ? null : Palette.dash(series)).path(xs, ys);
    boolean sparse =
        IntStream.range(1, xs.length).allMatch(i -> xs[i] - xs[i - 1] > 2.5 * style.marker);
    double phase = (double) series / order.size();
    double next = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < xs.length; i++) {
      Interval interval = known.get(i).interval();
      if (!curves && interval.isKnown()) {
        double low = panel.y(Math.max(interval.low(), y.min()));
        whisker(pen, xs[i], low, xs[i], panel.y(interval.high()));
      }
      // Where points are dense only some have markers; those of different curves alternate.
      double share = (xs[i] - panel.left) / panel.width;
      if (!curves || sparse || share >= next) {
        pen.marker(series, xs[i], ys[i], style.marker);
        next = (Math.floor(share * MARKS - phase) + 1 + phase) / MARKS;
      }
    }
  }
}
