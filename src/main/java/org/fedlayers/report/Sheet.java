package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * A figure: charts side by side under one title, over one legend, on one page. The legend lies
 * below the charts and wraps, so it can hide nothing.
 */
public final class Sheet implements Page {
  private final String title;
  private final String context;
  private final List<? extends Chart<?, ?>> charts;
  private final Style style;
  private final int columns;
  private final int rows;
  private final int chartHeight;
  private final Lettering heading;
  private final Lettering subheading;
  private final Legend legend;

  /**
   * @param title what is shown; {@link Style#PAPER} leaves it to the paper's caption
   * @param context what it was measured on: data, scale, seeds
   */
  public Sheet(String title, String context, List<? extends Chart<?, ?>> charts, Style style) {
    this.title = title;
    this.context = context;
    this.charts = charts;
    this.style = style;
    columns = style.columns(charts.size());
    rows = (charts.size() + columns - 1) / columns;
    chartHeight = style.chartHeight(charts.size());
    charts.forEach(chart -> chart.getStyler().setLegendVisible(false));
    double inner = width() - 2 * margin();
    heading = new Lettering(style == Style.PAPER ? "" : title, style.text * 1.2, inner);
    subheading = new Lettering(context, style.text * 0.92, inner);
    legend = new Legend(charts, style, inner);
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String context() {
    return context;
  }

  public List<? extends Chart<?, ?>> charts() {
    return charts;
  }

  @Override
  public int width() {
    return style.width(charts.size());
  }

  @Override
  public int height() {
    return (int) Math.ceil(top() + rows * chartHeight + legend.height() + margin());
  }

  /** Where the legend lies. */
  Rectangle2D legendArea() {
    return new Rectangle2D.Double(
        margin(), top() + rows * chartHeight, width() - 2 * margin(), legend.height());
  }

  @Override
  public void paint(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(Color.WHITE);
    g.fill(new Rectangle2D.Double(0, 0, width(), height()));
    heading.paint(g, margin(), margin(), Palette.INK);
    subheading.paint(g, margin(), margin() + heading.height(), Palette.FAINT);
    int chartWidth = width() / columns;
    for (int i = 0; i < charts.size(); i++) {
      Graphics2D part = (Graphics2D) g.create();
      part.translate(i % columns * chartWidth, top() + i / columns * chartHeight);
      charts.get(i).paint(part, chartWidth, chartHeight);
      part.dispose();
    }
    legend.paint(g, margin(), legendArea().getY());
  }

  private double top() {
    return Math.ceil(margin() + heading.height() + subheading.height());
  }

  private double margin() {
    return style.text * 0.7;
  }
}
