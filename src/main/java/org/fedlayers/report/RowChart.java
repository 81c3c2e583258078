package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.report.Estimates.Estimate;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/**
 * A measure along settings that have names, drawn to the right: one row for each name, with points
 * or with bars from zero, and error bars. Names can be read at any length, and fifteen methods fit.
 */
final class RowChart extends Plot {
  private final boolean bars;
  private final List<String> names;

  RowChart(Rows rows, FigureSpec spec, Context context, Style style) {
    super(rows, spec, context, style);
    bars = spec.kind().equals("bars");
    String column = spec.x();
    names = names(column);
    // A number says itself what it is of, unless the figure names its axis.
    boolean keyed = rows.hasNumbers(column) && spec.xTitle().isEmpty();
    Quantity setting = Quantity.of(column, 0).titled(spec.xTitle());
    Scale places =
        new Scale(
            keyed ? "" : setting.title(),
            false,
            names.stream()
                .map(name -> keyed ? Names.of(column, name) : context.name(column, name))
                .toList());
    Scale values = scale(estimates.quantity.title(), "y");
    values.include(bars ? 0 : Double.NaN);
    estimates.all.forEach(
        one -> values.include(one.mean(), one.interval().low(), one.interval().high()));
    double row = style.text * Math.max(1.9, 0.6 + 0.95 * order.size());
    addPanels(values, places, Math.max(row * names.size(), 6 * style.text));
    for (int i = 0; order.size() > 1 && i < order.size(); i++) {
      int series = i;
      double size = bars ? style.text : style.marker;
      Sample box =
          (pen, x, y) ->
              pen.colour(Palette.colour(series)).box(x, y - 0.4 * size, size, 0.8 * size);
      Sample marker =
          (pen, x, y) -> pen.colour(Palette.colour(series)).marker(series, x + size / 2, y, size);
      keys.add(new Key(order.get(i), size, bars ? box : marker));
    }
    addLevels(values);
    note = estimates.note(bars());
  }

  /** The rows from bottom to top: methods by their mean, other names in the file's order. */
  private List<String> names(String column) {
    List<String> found = new ArrayList<>(estimates.places());
    Collections.reverse(found);
    if (column.equals("method")) {
      found.sort(
          Comparator.comparingDouble(
              name ->
                  estimates.all.stream()
                      .filter(one -> one.x().equals(name) && one.isKnown())
                      .mapToDouble(Estimate::mean)
                      .average()
                      .orElse(Double.NEGATIVE_INFINITY)));
    }
    return found;
  }

  @Override
  void paint(Pen pen, Panel panel) {
    if (!bars) {
      paintLevels(pen, panel, true);
    }
    for (Estimate one : estimates.all) {
      if (one.panel().equals(panel.title)) {
        paint(pen, panel, one, order.indexOf(one.series()));
      }
    }
    if (bars) {
      paintLevels(pen, panel, true);
    }
  }

  private void paint(Pen pen, Panel panel, Estimate one, int series) {
    double thickness = 0.8 / order.size();
    double apart = (series - (order.size() - 1) / 2.0) * thickness;
    double y = panel.y(names.indexOf(one.x()) - apart);
    double x = panel.x(Math.max(one.mean(), panel.x.min()));
    pen.colour(Palette.colour(series));
    if (!one.isKnown()) {
      double base = y + 0.3 * style.text;
      pen.text("diverged", panel.left + 0.4 * style.text, base, 0.85 * style.text, Pen.START);
      return;
    }
    if (bars) {
      double foot = panel.x(Math.max(0, panel.x.min()));
      double height = thickness * panel.height / names.size();
      pen.box(Math.min(foot, x), y - height / 2, Math.abs(x - foot), height).colour(Palette.INK);
    } else {
      pen.marker(series, x, y, style.marker);
    }
    Interval interval = one.interval();
    if (interval.isKnown()) {
      double low = panel.x(Math.max(interval.low(), panel.x.min()));
      whisker(pen, low, y, panel.x(interval.high()), y);
    }
  }
}
