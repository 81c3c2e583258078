package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/** A measure over training: one curve a series, its mean over seeds and their spread. */
final class Curves {
  private static final int SEEDS_FOR_BANDS = 5;
  private final FigureSpec spec;
  private final Style style;
  private final String xName;
  private final String yName;
  private final List<String> names;

  private Curves(FigureSpec spec, Style style) {
    this.spec = spec.knowing("x", "y", "series", "log", "spread", "x-title", "y-title", "rule");
    this.style = style;
    xName = spec.text("x", "samples");
    yName = spec.text("y", "accuracy");
    names = spec.words("series");
  }

  static Drawing draw(Rows rows, FigureSpec spec, Style style) {
    return new Curves(spec, style).draw(rows);
  }

  private Drawing draw(Rows rows) {
    Quantity x =
        Quantity.of(xName, Arrays.stream(rows.numbers(xName)).max().orElse(0))
            .titled(spec.text("x-title", null));
    Quantity y = Quantity.of(yName, 0).titled(spec.text("y-title", null));
    List<String> order = List.copyOf(rows.by(names, Names::of).keySet());
    boolean bands = bands(rows);
    List<XyPanel> panels = new ArrayList<>();
    Map<String, Rows> parts = rows.by(spec.words("panel"), Names::of);
    List<String> log = spec.words("log");
    parts.forEach(
        (title, part) -> {
          XyPanel panel =
              new XyPanel(
                  style,
                  parts.size(),
                  title,
                  x.title(),
                  y.title(),
                  log.contains("x"),
                  log.contains("y"));
          fill(panel, part, x, y, order, bands);
          panels.add(panel);
        });
    XyPanel.align(panels);
    String note = bands ? "bands: 95 % intervals" : "thick: mean, thin: single seeds";
    return new Drawing(panels.stream().map(XyPanel::chart).toList(), rows.seeds() > 1 ? note : "");
  }

  private void fill(
      XyPanel panel, Rows rows, Quantity x, Quantity y, List<String> order, boolean bands) {
    Map<String, SortedMap<Double, Sample>> all = new LinkedHashMap<>();
    rows.by(names, Names::of).forEach((label, part) -> all.put(label, curve(part, x, y)));
    all.forEach(
        (label, curve) -> {
          int index = order.indexOf(label);
          double[] places = values(curve.keySet().stream());
          if (bands) {
            List<Interval> intervals = curve.values().stream().map(Interval::of).toList();
            panel.band(
                index,
                label + " interval",
                places,
                intervals.stream().mapToDouble(Interval::low).toArray(),
                intervals.stream().mapToDouble(Interval::high).toArray());
          } else if (seeds(curve).count() > 1) {
            seeds(curve)
                .forEach(
                    seed -> {
                      SortedMap<Double, Sample> own = new TreeMap<>(curve);
                      own.values().removeIf(sample -> !sample.values().containsKey(seed));
                      panel.thin(
                          index,
                          label + " seed " + seed,
                          values(own.keySet().stream()),
                          values(own.values().stream().map(each -> each.values().get(seed))));
                    });
          }
        });
    all.forEach(
        (label, curve) ->
            panel.curve(
                order.indexOf(label),
                order.size(),
                label,
                values(curve.keySet().stream()),
                values(curve.values().stream().map(Sample::mean))));
    if (spec.options().containsKey("rule")) {
      panel.rule("reference", spec.number("rule", 0) * y.factor());
    }
  }

  /** By place, in ascending order, the seeds that got so far. */
  private SortedMap<Double, Sample> curve(Rows rows, Quantity x, Quantity y) {
    SortedMap<Double, Sample> curve = new TreeMap<>();
    rows.by(xName)
        .forEach(
            (place, there) -> {
              Sample sample = Sample.of(there, yName, Reduction.LAST);
              if (sample.size() > 0) {
                curve.put(
                    Double.parseDouble(place) * x.factor(), sample.map(one -> one * y.factor()));
              }
            });
    return curve;
  }

  private static Stream<Long> seeds(SortedMap<Double, Sample> curve) {
    return curve.values().stream()
        .flatMap(sample -> sample.values().keySet().stream())
        .distinct()
        .sorted();
  }

  /** With few seeds a pointwise interval is wider than it is useful: then each seed is drawn. */
  private boolean bands(Rows rows) {
    return switch (spec.text("spread", "automatic")) {
      case "interval" -> true;
      case "seeds" -> false;
      default -> rows.seeds() >= SEEDS_FOR_BANDS;
    };
  }

  private static double[] values(Stream<Double> values) {
    return values.mapToDouble(value -> value).toArray();
  }
}
