package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;
import org.knowm.xchart.style.lines.SeriesLines;

/**
 * What the series of several charts are called, each name once, in rows that fit a width; below
 * heat maps, the scale of their colours.
 */
final class Legend {
  private final Style style;
  private final double width;
  private final List<Placed> placed = new ArrayList<>();
  private double x = 0;
  private int row = 0;

  /** Draws around a point at its left end, half-way up. */
  private interface Sample {
    void paint(Graphics2D g, double left, double middle);
  }

  private record Placed(Lettering label, Sample sample, double sampleWidth, double x, int row) {}

  Legend(List<? extends Chart<?, ?>> charts, Style style, double width) {
    this.style = style;
    this.width = width;
    Map<String, Series> series = new LinkedHashMap<>();
    charts.forEach(
        chart ->
            chart
                .getSeriesMap()
                .values()
                .forEach(
                    one -> {
                      if (((Series) one).isShowInLegend()) {
                        series.putIfAbsent(((Series) one).getLabel(), (Series) one);
                      }
                    }));
    if (charts.get(0) instanceof HeatMapChart heat) {
      ColourBar bar = new ColourBar(heat, style);
      place(heat.getHeatMapSeries().getLabel(), bar::paint, bar.width());
    } else if (series.size() > 1) {
      series.forEach(this::place);
    }
  }

  double height() {
    return placed.isEmpty() ? 0 : (row + 1) * rowHeight() + style.text * 0.3;
  }

  void paint(Graphics2D g, double left, double top) {
    for (Placed entry : placed) {
      double middle = top + (entry.row + 0.5) * rowHeight();
      entry.sample.paint(g, left + entry.x, middle);
      double textLeft = left + entry.x + entry.sampleWidth + style.text * 0.5;
      entry.label.paint(g, textLeft, middle - entry.label.height() * 0.5, Palette.INK);
    }
  }

  private double rowHeight() {
    return style.text * 1.55;
  }

  private void place(String label, Series series) {
    if (series instanceof XYSeries line) {
      place(label, (g, left, middle) -> line(g, line, left, middle), style.text * 2.4);
    } else {
      Color fill = ((CategorySeries) series).getFillColor();
      place(label, (g, left, middle) -> box(g, fill, left, middle), style.text);
    }
  }

  private void place(String label, Sample sample, double sampleWidth) {
    Lettering text = new Lettering(label, style.text * 0.92, width);
    double needed = sampleWidth + style.text * 2 + text.width();
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    placed.add(new Placed(text, sample, sampleWidth, x, row));
    x += needed;
  }

  private void line(Graphics2D g, XYSeries series, double left, double middle) {
    double length = style.text * 2.4;
    if (series.getLineStyle() != SeriesLines.NONE) {
      g.setColor(series.getLineColor());
      g.setStroke(series.getLineStyle());
      g.draw(new Line2D.Double(left, middle, left + length, middle));
    }
    g.setColor(series.getMarkerColor());
    series.getMarker().paint(g, left + length / 2, middle, style.marker);
  }

  private void box(Graphics2D g, Color fill, double left, double middle) {
    g.setColor(fill);
    g.fill(new Rectangle2D.Double(left, middle - style.text * 0.4, style.text, style.text * 0.8));
  }
}
