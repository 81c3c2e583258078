package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Function;
import org.knowm.xchart.HeatMapChart;

/** A heat map's colours between its smallest and its largest value, lying flat. */
final class ColourBar {
  private static final int STEPS = 60;
  private final Color[] colours;
  private final Style style;
  private final Lettering low;
  private final Lettering high;

  ColourBar(HeatMapChart chart, Style style) {
    this.style = style;
    colours = chart.getStyler().getRangeColors();
    Function<Double, String> format = chart.getStyler().getHeatMapDecimalValueFormatter();
    low = lettering(format.apply(chart.getStyler().getMin()));
    high = lettering(format.apply(chart.getStyler().getMax()));
  }

  double width() {
    return low.width() + gap() + length() + gap() + high.width();
  }

  void paint(Graphics2D g, double left, double middle) {
    low.paint(g, left, middle - low.height() / 2, Palette.INK);
    double start = left + low.width() + gap();
    for (int i = 0; i < STEPS; i++) {
      g.setColor(colour((i + 0.5) / STEPS));
      double from = start + length() * i / STEPS;
      double overlap = i + 1 < STEPS ? 0.5 : 0;
      double height = style.text * 0.8;
      g.fill(new Rectangle2D.Double(from, middle - height / 2, length() / STEPS + overlap, height));
    }
    high.paint(g, start + length() + gap(), middle - high.height() / 2, Palette.INK);
  }

  private Color colour(double share) {
    double position = share * (colours.length - 1);
    int index = (int) position;
    double t = position - index;
    Color a = colours[index];
    Color b = colours[Math.min(index + 1, colours.length - 1)];
    return new Color(
        mix(a.getRed(), b.getRed(), t),
        mix(a.getGreen(), b.getGreen(), t),
        mix(a.getBlue(), b.getBlue(), t));
  }

  private static int mix(int a, int b, double t) {
    return (int) Math.round(a + t * (b - a));
  }

  private double length() {
    return style.text * 11;
  }

  private double gap() {
    return style.text * 0.4;
  }

  private Lettering lettering(String text) {
    return new Lettering(text, style.text * 0.92, Double.MAX_VALUE);
  }
}
