package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/**
 * A measure, or the difference of two arms, against a setting: means with 95 % intervals. Over
 * numbers points are connected; names stand side by side.
 */
final class Points {
  /** How far series stand apart, so that error bars at one place can be told from each other. */
  private static final double DODGE = 0.012;

  private static final double NAMED_DODGE = 0.12;
  private final FigureSpec spec;
  private final Style style;
  private final String xName;
  private final boolean numeric;
  private final Quantity x;
  private final Quantity y;
  private final List<Estimates.Estimate> estimates;
  private final String note;
  private final List<String> names;
  private final List<String> order;

  private Points(Rows rows, FigureSpec spec, Style style) {
    this.spec =
        spec.knowing(
            "x",
            "y",
            "series",
            "log",
            "over",
            "reaching",
            "contrast",
            "margin",
            "connect",
            "x-title",
            "y-title");
    this.style = style;
    xName = spec.text("x");
    numeric = rows.hasNumbers(xName);
    double largest = numeric ? Arrays.stream(rows.numbers(xName)).max().orElse(0) : 0;
    x = Quantity.of(xName, largest).titled(spec.text("x-title", null));
    Estimates measured = new Estimates(spec);
    estimates = measured.of(rows);
    note = measured.note(estimates);
    y = measured.quantity().titled(spec.text("y-title", null));
    names = estimates.stream().map(Estimates.Estimate::x).distinct().toList();
    order = estimates.stream().map(Estimates.Estimate::series).distinct().toList();
  }

  static Drawing draw(Rows rows, FigureSpec spec, Style style) {
    return new Points(rows, spec, style).draw();
  }

  private Drawing draw() {
    Map<String, XyPanel> panels = new LinkedHashMap<>();
    List<String> titles = estimates.stream().map(Estimates.Estimate::panel).distinct().toList();
    titles.forEach(title -> panels.put(title, panel(title, titles.size())));
    panels.forEach(
        (title, panel) ->
            order.forEach(
                series ->
                    add(
                        panel,
                        series,
                        estimates.stream()
                            .filter(e -> e.panel().equals(title) && e.series().equals(series))
                            .toList())));
    List<XyPanel> all = new ArrayList<>(panels.values());
    XyPanel.align(all);
    if (spec.has("margin")) {
      double margin = spec.number("margin", 0) * y.factor();
      all.forEach(panel -> panel.rule("margin of the claim", margin));
    }
    if (spec.has("contrast")) {
      all.forEach(XyPanel::zero);
    }
    if (!numeric) {
      all.forEach(panel -> panel.name(names.stream().map(Names::of).toList()));
    }
    return new Drawing(all.stream().map(XyPanel::chart).toList(), note);
  }

  private XyPanel panel(String title, int beside) {
    List<String> log = spec.words("log");
    return new XyPanel(
        style,
        beside,
        title,
        x.title(),
        y.title(),
        numeric && log.contains("x"),
        log.contains("y"));
  }

  private void add(XyPanel panel, String series, List<Estimates.Estimate> points) {
    if (points.isEmpty()) {
      return;
    }
    List<Estimates.Estimate> sorted = new ArrayList<>(points);
    sorted.sort((a, b) -> Double.compare(position(a.x()), position(b.x())));
    int index = order.indexOf(series);
    double shift = index - (order.size() - 1) / 2.0;
    double[] xs = sorted.stream().mapToDouble(e -> dodged(position(e.x()), shift)).toArray();
    panel.points(
        index,
        series,
        xs,
        values(sorted, Interval::mean),
        values(sorted, Interval::half),
        spec.has("connect") ? spec.flag("connect") : numeric);
  }

  private double[] values(List<Estimates.Estimate> points, ToDoubleFunction<Interval> what) {
    return points.stream()
        .mapToDouble(point -> what.applyAsDouble(point.interval()) * y.factor())
        .toArray();
  }

  private double position(String value) {
    return numeric ? Double.parseDouble(value) * x.factor() : names.indexOf(value) + 1;
  }

  private double dodged(double at, double shift) {
    if (!numeric) {
      return at + shift * Math.min(NAMED_DODGE, 0.6 / order.size());
    }
    if (spec.words("log").contains("x")) {
      double ratio = position(last()) / position(first());
      return at * Math.pow(ratio, shift * DODGE);
    }
    return at + shift * DODGE * (position(last()) - position(first()));
  }

  private String first() {
    return names.stream().min((a, b) -> Double.compare(position(a), position(b))).orElseThrow();
  }

  private String last() {
    return names.stream().max((a, b) -> Double.compare(position(a), position(b))).orElseThrow();
  }
}
