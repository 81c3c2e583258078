package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Rows;

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
    Map<String, Trajectory> all = new LinkedHashMap<>();
    rows.by(names, Names::of)
        .forEach((label, part) -> all.put(label, Trajectory.of(part, label, x, xName, y, yName)));
    all.forEach(
        (label, trajectory) -> {
          if (bands) {
            band(panel, order.indexOf(label), label, trajectory.mean());
          } else if (trajectory.bySeed().size() > 1) {
            trajectory
                .bySeed()
                .forEach(
                    (seed, curve) ->
                        panel.thin(
                            order.indexOf(label),
                            label + " seed " + seed,
                            values(curve.keySet().stream().toList()),
                            values(curve.values().stream().toList())));
          }
        });
    all.forEach(
        (label, trajectory) -> {
          TreeMap<Double, Interval> mean = trajectory.mean();
          panel.curve(
              order.indexOf(label),
              order.size(),
              label,
              values(List.copyOf(mean.keySet())),
              mean.values().stream().mapToDouble(Interval::mean).toArray());
        });
    if (spec.options().containsKey("rule")) {
      panel.rule("reference", spec.number("rule", 0) * y.factor());
    }
  }

  private static void band(XyPanel panel, int index, String label, TreeMap<Double, Interval> mean) {
    panel.band(
        index,
        label + " interval",
        values(List.copyOf(mean.keySet())),
        mean.values().stream().mapToDouble(Interval::low).toArray(),
        mean.values().stream().mapToDouble(Interval::high).toArray());
  }

  /** With few seeds a pointwise interval is wider than it is useful: then each seed is drawn. */
  private boolean bands(Rows rows) {
    return switch (spec.text("spread", "automatic")) {
      case "interval" -> true;
      case "seeds" -> false;
      default -> rows.seeds() >= SEEDS_FOR_BANDS;
    };
  }

  private static double[] values(List<Double> values) {
    return values.stream().mapToDouble(value -> value).toArray();
  }
}
