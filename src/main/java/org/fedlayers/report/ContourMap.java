package org.fedlayers.report;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.Styler.ChartTheme;

/** A heat map with lines of equal value on top, which XChart does not draw. */
final class ContourMap extends HeatMapChart {
  private final int levels;

  /**
   * @param levels number of lines, evenly between the smallest and the largest value; may be 0
   */
  ContourMap(int width, int height, int levels) {
    super(width, height, ChartTheme.XChart);
    this.levels = levels;
  }

  @Override
  public void paint(Graphics2D g, int width, int height) {
    super.paint(g, width, height);
    double[][] values = values();
    Rectangle2D area = plot.getBounds();
    double cellWidth = area.getWidth() / values.length;
    double cellHeight = area.getHeight() / values[0].length;
    double low = getStyler().getMin();
    double high = getStyler().getMax();
    g.setStroke(Palette.solid(0.7));
    g.setColor(Palette.INK);
    for (int i = 1; i <= levels; i++) {
      for (Line2D piece : Contours.at(low + (high - low) * i / (levels + 1), values)) {
        g.draw(
            new Line2D.Double(
                area.getX() + (piece.getX1() + 0.5) * cellWidth,
                area.getMaxY() - (piece.getY1() + 0.5) * cellHeight,
                area.getX() + (piece.getX2() + 0.5) * cellWidth,
                area.getMaxY() - (piece.getY2() + 0.5) * cellHeight));
      }
    }
  }

  /** By column and row; NaN where there is none. */
  private double[][] values() {
    double[][] values =
        new double[getHeatMapSeries().getXData().size()][getHeatMapSeries().getYData().size()];
    Arrays.stream(values).forEach(column -> Arrays.fill(column, Double.NaN));
    for (Number[] cell : getHeatMapSeries().getHeatData()) {
      values[cell[0].intValue()][cell[1].intValue()] = cell[2].doubleValue();
    }
    return values;
  }
}
