package org.fedlayers.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

/** Means as bars from zero, with their 95 % intervals. */
final class Bars {
  private Bars() {}

  static Drawing draw(Rows rows, FigureSpec spec, Style style) {
    spec.knowing("x", "y", "series", "over", "reaching", "contrast", "x-title", "y-title");
    Estimates measured = new Estimates(spec);
    List<Estimates.Estimate> estimates = measured.of(rows);
    Quantity y = measured.quantity().titled(spec.text("y-title", null));
    Quantity x = Quantity.of(spec.text("x"), 0).titled(spec.text("x-title", null));
    Map<String, List<Estimates.Estimate>> panels = new LinkedHashMap<>();
    Range range = new Range(false);
    range.include(0);
    for (Estimates.Estimate estimate : estimates) {
      panels.computeIfAbsent(estimate.panel(), none -> new ArrayList<>()).add(estimate);
      range.include(estimate.interval().mean() * y.factor());
      range.include(estimate.interval().low() * y.factor());
      range.include(estimate.interval().high() * y.factor());
      // XChart's error bars reach as far down as up.
      range.include((estimate.interval().mean() + estimate.interval().half()) * y.factor());
    }
    List<CategoryChart> charts = new ArrayList<>();
    panels.forEach(
        (title, part) -> {
          CategoryChart chart =
              new CategoryChart(style.chartWidth(panels.size()), style.chartHeight(panels.size()));
          chart.setTitle(title);
          chart.setXAxisTitle(x.title());
          chart.setYAxisTitle(y.title());
          style.apply(chart.getStyler());
          double foot = range.smallest() == 0 ? 0 : range.min();
          chart.getStyler().setYAxisMin(foot).setYAxisMax(range.max());
          chart.getStyler().setAvailableSpaceFill(0.8).setPlotGridVerticalLinesVisible(false);
          fill(chart, part, estimates, y.factor());
          charts.add(chart);
        });
    return new Drawing(charts, measured.note(estimates));
  }

  private static void fill(
      CategoryChart chart,
      List<Estimates.Estimate> part,
      List<Estimates.Estimate> all,
      double factor) {
    List<String> names = all.stream().map(Estimates.Estimate::x).distinct().toList();
    List<String> order = all.stream().map(Estimates.Estimate::series).distinct().toList();
    for (String label : order) {
      List<Double> means = new ArrayList<>();
      List<Double> halves = new ArrayList<>();
      for (String name : names) {
        var found =
            part.stream().filter(e -> e.series().equals(label) && e.x().equals(name)).findFirst();
        // Beside intervals XChart takes no null; a bar of no height is as good as none.
        means.add(found.map(e -> e.interval().mean() * factor).orElse(0.0));
        halves.add(
            found.map(e -> e.interval().half() * factor).filter(Double::isFinite).orElse(0.0));
      }
      boolean bars = halves.stream().anyMatch(half -> half > 0);
      CategorySeries series =
          chart.addSeries(
              label.isEmpty() ? chart.getYAxisTitle() : label,
              names.stream().map(Names::of).toList(),
              means,
              bars ? halves : null);
      series.setFillColor(Palette.colour(order.indexOf(label)));
      series.setLineColor(Palette.INK);
    }
  }
}
