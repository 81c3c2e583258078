package org.fedlayers.report;

import java.awt.Color;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
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
  private final Map<String, Scale> axes = new HashMap<>();
  private final Map<Panel, double[][]> values = new HashMap<>();
  private final DoubleSummaryStatistics range = new DoubleSummaryStatistics();

  HeatMap(Rows rows, FigureSpec spec, Context context, Style style) {
    super(rows, spec, context, style);
    logarithmic = spec.log().contains("value");
    steps = spec.contours() == null ? SMOOTH : spec.contours() + 1;
    double missing =
        spec.missing() == null ? Double.NaN : spec.missing() * estimates.quantity.factor();
    double height = style.height(estimates.panels().size());
    rows.by(Estimates.varying(spec.panel(), rows), Names::of)
        .forEach(
            (title, part) -> {
              List<String> xs = places(part, spec.x());
              List<String> ys = places(part, spec.y());
              double[][] all = new double[xs.size()][ys.size()];
              Arrays.stream(all).forEach(column -> Arrays.fill(column, missing));
              for (Estimate one : estimates.all) {
                if (one.panel().equals(title)) {
                  all[xs.indexOf(one.x())][ys.indexOf(one.series())] = one.mean();
                }
              }
              if (estimates.panels().contains(title)) {
                Scale x = axis(spec.x(), spec.xTitle(), xs);
                Scale y = axis(spec.y(), spec.yTitle(), ys);
                panels.add(new Panel(title, x, y, height, style));
                values.put(panels.get(panels.size() - 1), all);
              }
            });
    // Equal counts must not look unequal: what is missing counts for the range, too.
    DoubleStream.concat(
            DoubleStream.of(missing), estimates.all.stream().mapToDouble(Estimate::mean))
        .map(this::onScale)
        .filter(Double::isFinite)
        .forEach(range);
    keys.add(colourBar());
    note = estimates.note("means over seeds");
  }

  private double onScale(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  /** Panels with the same places share an axis, which is labelled once. */
  private Scale axis(String column, String named, List<String> places) {
    String title = Quantity.of(column, 0).titled(named).title();
    List<String> labels =
        places.stream().map(place -> shortened(context.name(column, place))).toList();
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
    double[][] all = values.get(panel);
    double width = panel.width / all.length;
    double height = panel.height / all[0].length;
    double span = range.getMax() - range.getMin();
    for (int x = 0; x < all.length; x++) {
      for (int y = 0; y < all[x].length; y++) {
        double value = onScale(all[x][y]);
        double share = span > 0 ? (value - range.getMin()) / span : value;
        if (Double.isFinite(share)) {
          // Boxes overlap a little, or the page shines through between them.
          pen.colour(colour(share))
              .box(panel.x(x) - width / 2, panel.y(y) - height / 2, width + 0.3, height + 0.3);
        }
      }
    }
  }

  private Color colour(double share) {
    double held = Math.max(0, Math.min(1, share));
    return Palette.sequential(
        steps == SMOOTH ? held : Math.min(steps - 1, (int) (held * steps)) / (steps - 1.0));
  }

  /** The colours between the smallest and the largest value, lying flat. */
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

  /** A value of the colour scale in the axis's own terms. */
  private String end(double shown) {
    double end = logarithmic ? Math.pow(10, shown) : shown;
    return String.format(Locale.ROOT, end == Math.rint(end) ? "%.0f" : "%.3g", end);
  }
}
