package org.fedlayers.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.XYStyler;

/**
 * Names below the numbers 1, 2, ... of an x axis. XChart places ticks on numbers of its own choice,
 * refuses equal labels, and keeps to steps in which the longest label fits: so places between names
 * get labels that differ and cannot be seen, and names that do not fit are turned.
 */
final class NamedAxis {
  private static final Color UNSEEN = new Color(0, 0, 0, 0);
  private static final int TENTHS = 10;
  private static final int OFFSET = 256;

  /** Longer than any unseen label: XChart measures the label of most characters. */
  private static final int LONGER = 14;

  private NamedAxis() {}

  static void apply(XYChart chart, List<String> names) {
    XYStyler styler = chart.getStyler();
    styler.setxAxisTickLabelsFormattingFunction(at -> label(at, names));
    styler.setXAxisTickMarkSpacingHint(5);
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setXAxisTickMarksColor(UNSEEN);
    double room = chart.getWidth() * 0.8 / (names.size() + 0.3);
    double widest = names.stream().mapToDouble(name -> width(name, styler)).max().orElse(0);
    if (widest * 1.15 > room) {
      styler.setXAxisLabelRotation(widest * 0.8 < room ? 35 : 90);
    }
  }

  private static double width(String name, XYStyler styler) {
    Font font = styler.getAxisTickLabelsFont();
    return font.getStringBounds(name, new FontRenderContext(null, true, true)).getWidth();
  }

  private static String label(double at, List<String> names) {
    long tenths = Math.round(at * TENTHS);
    boolean named = tenths % TENTHS == 0 && at > 0.5 && at < names.size() + 0.5;
    return named
        ? padded(names.get((int) (tenths / TENTHS) - 1))
        : Long.toBinaryString(tenths + OFFSET).replace('0', ' ').replace('1', '\u00a0');
  }

  private static String padded(String name) {
    return name + " ".repeat(Math.max(0, LONGER - name.length()));
  }
}
