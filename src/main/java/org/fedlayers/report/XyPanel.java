package org.fedlayers.report;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One chart of values over numbers: curves, bands, points with error bars, reference lines. */
final class XyPanel {
  private static final int MARKS = 7;
  private final Style style;
  private final XYChart chart;
  final Range x;
  final Range y;
  private boolean named;

  /**
   * @param beside how many panels the figure has
   */
  XyPanel(
      Style style,
      int beside,
      String title,
      String xTitle,
      String yTitle,
      boolean logX,
      boolean logY) {
    this.style = style;
    chart = new XYChart(style.chartWidth(beside), style.chartHeight(beside));
    chart.setTitle(title);
    chart.setXAxisTitle(xTitle);
    chart.setYAxisTitle(yTitle);
    style.apply(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(logX).setYAxisLogarithmic(logY);
    x = new Range(logX);
    y = new Range(logY);
  }

  /**
   * A curve through many values, marked here and there. XChart marks every value or none, so the
   * marks are a series of their own: single values that gaps keep apart.
   *
   * @param of how many curves there are; their marks stand at different places
   */
  void curve(int index, int of, String label, double[] xs, double[] ys) {
    XYSeries line = add(label + " line", xs, ys, null);
    line.setLineStyle(Palette.solid(style.line));
    line.setMarker(SeriesMarkers.NONE);
    line.setShowInLegend(false);
    colour(line, index);
    double apart = Math.max(1, xs.length / (double) MARKS);
    double first = xs.length <= MARKS ? 0 : apart * (index + 0.5) / of;
    int count = (int) Math.ceil((xs.length - first) / apart);
    double[] markedX = new double[2 * count];
    double[] markedY = new double[2 * count];
    for (int i = 0; i < count; i++) {
      int at = (int) (first + i * apart);
      markedX[2 * i] = xs[at];
      markedX[2 * i + 1] = xs[at];
      markedY[2 * i] = ys[at];
      markedY[2 * i + 1] = Double.NaN;
    }
    XYSeries marks = add(named(label), markedX, markedY, null);
    marks.setLineStyle(Palette.solid(style.line));
    marks.setMarker(Palette.marker(index));
    colour(marks, index);
  }

  /** A thin unnamed line beside a named curve, such as one seed's. */
  void thin(int index, String name, double[] xs, double[] ys) {
    XYSeries series = add(name, xs, ys, null);
    series.setLineStyle(Palette.solid(style.line * 0.45));
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
    colour(series, index);
  }

  /** The area between two curves, under what is drawn later; where an end is NaN there is none. */
  void band(int index, String name, double[] xs, double[] low, double[] high) {
    int n = xs.length;
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    int known = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
        aroundX[known] = xs[i];
        aroundY[known++] = low[i];
      }
    }
    int outward = known;
    for (int i = n - 1; i >= 0; i--) {
      if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
        aroundX[known] = xs[i];
        aroundY[known++] = high[i];
      }
    }
    if (outward < 2) {
      return;
    }
    XYSeries series = add(name, Arrays.copyOf(aroundX, known), Arrays.copyOf(aroundY, known), null);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setLineStyle(SeriesLines.NONE);
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
    series.setFillColor(Palette.band(index));
  }

  /**
   * Connected points with error bars.
   *
   * @param half half the interval's width; NaN for none
   */
  void points(int index, String label, double[] xs, double[] ys, double[] half, boolean connected) {
    boolean bars = Arrays.stream(half).anyMatch(Double::isFinite);
    XYSeries series = add(named(label), xs, ys, bars ? half : null);
    series.setLineStyle(connected ? Palette.dashed(index, style.line) : SeriesLines.NONE);
    series.setMarker(Palette.marker(index));
    colour(series, index);
  }

  /** A horizontal line to compare with, named in the legend. */
  void rule(String label, double at) {
    y.include(at);
    XYSeries series =
        chart.addSeries(label, new double[] {x.min(), x.max()}, new double[] {at, at});
    series.setLineStyle(Palette.dashed(1, style.line * 0.7));
    series.setLineColor(Palette.FAINT);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** A line at no difference. */
  void zero() {
    y.include(0);
    line("zero", 0, 0.6, Palette.INK);
  }

  private void line(String name, double at, double width, Color colour) {
    XYSeries series = chart.addSeries(name, new double[] {x.min(), x.max()}, new double[] {at, at});
    series.setLineStyle(Palette.solid(width));
    series.setLineColor(colour);
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
  }

  /** Names instead of numbers: the first stands at 1, the next at 2. */
  void name(List<String> names) {
    x.exactly(0.5, names.size() + 0.5);
    NamedAxis.apply(chart, names);
    named = true;
  }

  /** Gives panels that are seen beside each other the same axes. */
  static void align(List<XyPanel> panels) {
    for (XyPanel panel : panels) {
      for (XyPanel other : panels) {
        panel.x.include(other.x);
        panel.y.include(other.y);
      }
    }
  }

  /** The chart, its axes wide enough for everything that was added. */
  XYChart chart() {
    if (named) {
      line("axis", y.min(), 0.7, Palette.FAINT); // hidden ticks take their line with them
    }
    chart.getStyler().setXAxisMin(x.min()).setXAxisMax(x.max());
    chart.getStyler().setYAxisMin(y.min()).setYAxisMax(y.max());
    return chart;
  }

  /** XChart asks for a name even where there is one series only. */
  private String named(String label) {
    return label.isEmpty() ? chart.getYAxisTitle() : label;
  }

  private XYSeries add(String name, double[] xs, double[] ys, double[] half) {
    for (int i = 0; i < xs.length; i++) {
      x.include(xs[i]);
      y.include(ys[i]);
      if (half != null) {
        y.include(ys[i] - half[i]);
        y.include(ys[i] + half[i]);
      }
    }
    return half == null ? chart.addSeries(name, xs, ys) : chart.addSeries(name, xs, ys, half);
  }

  private static void colour(XYSeries series, int index) {
    series.setLineColor(Palette.colour(index));
    series.setMarkerColor(Palette.colour(index));
  }
}
