package org.fedlayers.report;

import java.awt.Color;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.report.Estimates.Estimate;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/**
 * The mean of a value over seeds as a colour, over two columns: images of each class at each
 * client, divergence by layer and round. A place is empty where nothing was measured, unless the
 * figure says what {@code missing} rows mean. With {@code contours} the colours change in steps,
 * whose borders are lines of equal value.
 */
final class HeatMap extends Plot {
  private static final int SMOOTH = 60;
  private final boolean logarithmic;
  private final int steps;
  private final double missing;
  private final Map<String, Scale> axes = new HashMap<>();
  private final Map<Panel, List<List<String>>> places = new HashMap<>();
  private final DoubleSummaryStatistics range = new DoubleSummaryStatistics();

  HeatMap(Rows rows, FigureSpec spec, Context context, Style style) {
    super(rows, spec, context, style);
    logarithmic = spec.log().contains("value");
    steps = spec.contours() == null ? SMOOTH : spec.contours() + 1;
    double each = spec.missing() == null ? Double.NaN : spec.missing();
    missing = each * estimates.quantity.factor();
    estimates.all.forEach(one -> include(one.mean()));
    include(missing); // equal counts must not look unequal
    Map<String, Rows> parts = rows.by(Estimates.varying(spec.panel(), rows), Names::of);
    for (String title : estimates.panels()) {
      List<String> xs = places(parts.get(title), spec.x());
      List<String> ys = places(parts.get(title), spec.y());
      Scale x = axis(spec.x(), spec.xTitle(), xs);
      Scale y = axis(spec.y(), spec.yTitle(), ys);
      Panel panel = new Panel(title, x, y, style.height(columns), style);
      panels.add(panel);
      places.put(panel, List.of(xs, ys));
    }
    keys.add(colourBar());
    note = estimates.note("means over seeds");
  }

  private double onScale(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  private void include(double value) {
    if (Double.isFinite(onScale(value))) {
      range.accept(onScale(value));
    }
  }

  /** Panels with the same places share an axis, which is labelled once. */
  private Scale axis(String column, String named, List<String> places) {
    String title = Quantity.of(column, 0).titled(named).title();
    var labels = places.stream().map(place -> shortened(context.name(column, place))).toList();
    return axes.computeIfAbsent(title + labels, none -> new Scale(title, false, labels));
  }

  private static String shortened(String label) {
    return label.matches("-?[0-9]+\\.[0-9]{3,}")
        ? Scale.digits(Math.rint(100 * Double.parseDouble(label)) / 100, 6).toPlainString()
        : label;
  }

  /** In ascending order if they are numbers, else as the file has them. */
  private static List<String> places(Rows rows, String column) {
    List<String> texts = rows.texts(column).stream().distinct().toList();
    return rows.hasNumbers(column)
        ? texts.stream().sorted(Comparator.comparingDouble(Double::parseDouble)).toList()
        : texts;
  }

  @Override
  void paint(Pen pen, Panel panel) {
    List<String> xs = places.get(panel).get(0);
    List<String> ys = places.get(panel).get(1);
    for (int x = 0; x < xs.size(); x++) {
      for (int y = 0; y < ys.size(); y++) {
        paint(pen, panel, x, y, missing);
      }
    }
    for (Estimate one : estimates.all) {
      if (one.panel().equals(panel.title)) {
        paint(pen, panel, xs.indexOf(one.x()), ys.indexOf(one.series()), one.mean());
      }
    }
  }

  private void paint(Pen pen, Panel panel, int x, int y, double value) {
    double span = range.getMax() - range.getMin();
    double share = span > 0 ? (onScale(value) - range.getMin()) / span : onScale(value);
    if (Double.isFinite(share)) {
      double width = panel.width / panel.x.names.size();
      double height = panel.height / panel.y.names.size();
      // Boxes overlap a little, or the page shines through between them.
      pen.colour(colour(share))
          .box(panel.x(x) - width / 2, panel.y(y) - height / 2, width + 0.3, height + 0.3);
    }
  }

  private Color colour(double share) {
    double held = Math.max(0, Math.min(1, share));
    return Palette.sequential(
        steps == SMOOTH ? held : Math.min(steps - 1, (int) (held * steps)) / (steps - 1.0));
  }

  /** The legend: the colours from the smallest to the largest value, from left to right. */
  private Key colourBar() {
    String from = end(range.getMin());
    String to = end(range.getMax());
    double start = Pen.width(from, style.small()) + 0.4 * style.text;
    double part = 11 * style.text / steps;
    double width = start + 11.4 * style.text + Pen.width(to, style.small());
    return new Key(
        estimates.quantity.title() + (logarithmic ? ", logarithmic" : ""),
        width,
        (pen, x, y) -> {
          for (int i = 0; i < steps; i++) {
            pen.colour(colour((i + 0.5) / steps))
                .box(x + start + i * part, y - 0.4 * style.text, part + 0.3, 0.8 * style.text);
          }
          double base = y + 0.33 * style.text;
          pen.colour(Palette.INK)
              .text(from, x, base, style.small(), Pen.START)
              .text(to, x + width, base, style.small(), Pen.END);
        });
  }

  /** The label of an end of the colour scale, in the unit of the axis. */
  private String end(double shown) {
    if (range.getCount() == 0) {
      return ""; // every run diverged
    }
    double end = logarithmic ? Math.pow(10, shown) : shown;
    return String.format(Locale.ROOT, end == Math.rint(end) ? "%.0f" : "%.3g", end);
  }
}
