package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.knowm.xchart.XYChart;

class SheetTest {
  private static final int WHITE = 0xFFFFFF;

  private static List<XYChart> charts(int series, int count) {
    List<XYChart> charts = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      XyPanel panel = new XyPanel(Style.WEB, count, "", "x", "y", false, false);
      for (int s = 0; s < series; s++) {
        panel.points(
            s,
            "a rather long name of series " + s,
            new double[] {1, 2},
            new double[] {s, s + 1},
            new double[] {Double.NaN, Double.NaN},
            true);
      }
      charts.add(panel.chart());
    }
    return charts;
  }

  @ParameterizedTest
  @EnumSource
  void theLegendWrapsBelowTheChartsAndStaysOnThePage(Style style) {
    Sheet sheet = new Sheet("title", "context", charts(8, 1), style);
    Rectangle2D legend = sheet.legendArea();
    assertThat(legend.getY()).isGreaterThanOrEqualTo(style.height);
    assertThat(legend.getMaxY()).isLessThanOrEqualTo(sheet.height());
    BufferedImage image = Pictures.of(sheet);
    assertThat(inked(image, legend)).as("the legend is drawn").isTrue();
    Rectangle2D edge =
        new Rectangle2D.Double(sheet.width() - 2, legend.getY(), 2, legend.getHeight());
    assertThat(inked(image, edge)).as("nothing is cut off on the right").isFalse();
    Rectangle2D bottom = new Rectangle2D.Double(0, sheet.height() - 3, sheet.width(), 3);
    assertThat(inked(image, bottom)).as("nothing is cut off below").isFalse();
  }

  @Test
  void moreNamesNeedMoreLines() {
    double few = new Sheet("", "", charts(2, 1), Style.WEB).legendArea().getHeight();
    double many = new Sheet("", "", charts(8, 1), Style.WEB).legendArea().getHeight();
    assertThat(many).isGreaterThan(2 * few);
  }

  @Test
  void oneSeriesNeedsNoLegend() {
    assertThat(new Sheet("", "", charts(1, 1), Style.WEB).legendArea().getHeight()).isZero();
  }

  @Test
  void severalChartsShareOneLegend() {
    Sheet one = new Sheet("", "", charts(3, 1), Style.WEB);
    Sheet six = new Sheet("", "", charts(3, 6), Style.WEB);
    assertThat(six.legendArea().getHeight()).isLessThanOrEqualTo(one.legendArea().getHeight());
    assertThat(six.height()).isGreaterThan(2 * Style.WEB.panelHeight);
  }

  @Test
  void aChartAloneKeepsItsOwnLegend() {
    XYChart chart = charts(3, 1).get(0);
    BufferedImage image = Pictures.of(chart);
    assertThat(image.getWidth()).isEqualTo(2 * Style.WEB.width);
    assertThat(chart.getStyler().isLegendVisible()).isTrue();
  }

  private static boolean inked(BufferedImage image, Rectangle2D area) {
    for (int x = (int) (2 * area.getX()); x < 2 * area.getMaxX() && x < image.getWidth(); x++) {
      for (int y = (int) (2 * area.getY()); y < 2 * area.getMaxY() && y < image.getHeight(); y++) {
        if ((image.getRGB(x, y) & WHITE) != WHITE) {
          return true;
        }
      }
    }
    return false;
  }
}
