package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Collections;
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
    names = new ArrayList<>(estimates.places());
    Collections.reverse(names); // rows are counted upwards
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
    addPanels(title -> values, places, Math.max(row * names.size(), 6 * style.text));
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

  @Override
  void paint(Pen pen, Panel panel) {
    if (!bars) {
      paintLevels(pen, panel, true);
    }
    var shown = estimates.all.stream().filter(one -> one.panel().equals(panel.title)).toList();
    shown.forEach(one -> paint(pen, panel, one));
    if (bars) {
      paintLevels(pen, panel, true);
      paintMissing(pen, panel, shown);
    }
  }

  /** Where a row has bars of some series only, the others would read as zero. */
  private void paintMissing(Pen pen, Panel panel, List<Estimate> shown) {
    for (String name : names) {
      var there = shown.stream().filter(one -> one.x().equals(name)).map(Estimate::series).toList();
      for (String series : there.isEmpty() ? List.<String>of() : order) {
        if (!there.contains(series)) {
          say(pen.colour(Palette.FAINT), panel, "not measured", y(panel, name, series));
        }
      }
    }
  }

  private void say(Pen pen, Panel panel, String words, double y) {
    double size = Math.min(0.85 * style.text, thickness() * panel.height / names.size());
    pen.text(words, panel.left + 0.4 * style.text, y + 0.35 * size, size, Pen.START);
  }

  /** The part of a row that a series has. */
  private double thickness() {
    return 0.8 / order.size();
  }

  private double y(Panel panel, String name, String series) {
    double apart = (order.indexOf(series) - (order.size() - 1) / 2.0) * thickness();
    return panel.y(names.indexOf(name) - apart);
  }

  private void paint(Pen pen, Panel panel, Estimate one) {
    int series = order.indexOf(one.series());
    double y = y(panel, one.x(), one.series());
    double x = panel.x(Math.max(one.mean(), panel.x.min()));
    pen.colour(Palette.colour(series));
    if (!one.isKnown()) {
      say(pen, panel, "diverged", y);
      return;
    }
    if (bars) {
      double foot = panel.x(Math.max(0, panel.x.min()));
      double height = thickness() * panel.height / names.size();
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
