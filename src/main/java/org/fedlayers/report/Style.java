package org.fedlayers.report;

import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.style.AxesChartStyler;

/** Where a figure will be seen; lengths are pixels at 96 an inch. */
public enum Style {
  /** A page in a browser: room for titles, legends, several panels a row. */
  WEB("", 13, 720, 400, 330, 3, 1.8, 7),
  /** A two-column paper: 3.5 inches wide (7 with panels), 8-point text, the title left to LaTeX. */
  PAPER("-paper", 10.7, 336, 230, 224, 3, 1.3, 5);

  /** No commas: XChart centres labels by their ink, and a comma would lift its neighbours. */
  private static final String PLAIN = "0.######";

  final String suffix;
  final double text;
  final int width;
  final int height;
  final int panelHeight;
  final int columns;
  final double line;
  final int marker;

  Style(
      String suffix,
      double text,
      int width,
      int height,
      int panelHeight,
      int columns,
      double line,
      int marker) {
    this.suffix = suffix;
    this.text = text;
    this.width = width;
    this.height = height;
    this.panelHeight = panelHeight;
    this.columns = columns;
    this.line = line;
    this.marker = marker;
  }

  /** Charts a row. */
  int columns(int charts) {
    return charts == 4 ? 2 : Math.min(charts, columns);
  }

  /** The width of a figure: a column, the page where charts stand side by side. */
  int width(int charts) {
    return switch (columns(charts)) {
      case 1 -> width;
      case 2 -> this == PAPER ? 2 * width : width * 5 / 4;
      default -> this == PAPER ? 2 * width : width * 3 / 2;
    };
  }

  int chartWidth(int charts) {
    return width(charts) / columns(charts);
  }

  int chartHeight(int charts) {
    return charts == 1 ? height : panelHeight;
  }

  /** Gives a chart this style's fonts, lines and quiet axes. */
  void apply(AxesChartStyler styler) {
    styler.setBaseFont(Typeface.sized(text));
    styler.setChartTitleFont(Typeface.sized(text));
    styler.setAxisTitleFont(Typeface.sized(text));
    styler.setAxisTickLabelsFont(Typeface.sized(text * 0.92));
    styler.setLegendFont(Typeface.sized(text * 0.92));
    styler.setAnnotationTextFont(Typeface.sized(text * 0.85));
    styler.setChartFontColor(Palette.INK);
    styler.setAxisTickLabelsColor(Palette.INK);
    styler.setAxisTickMarksColor(Palette.FAINT);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(Palette.GRID);
    styler.setPlotGridLinesStroke(Palette.solid(0.8));
    styler.setPlotContentSize(1);
    styler.setPlotMargin(0);
    styler.setChartPadding((int) Math.round(text * 0.6));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitlePadding((int) Math.round(text * 0.4));
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendBackgroundColor(Color.WHITE);
    styler.setLegendSeriesLineLength((int) Math.round(text * 2.4));
    styler.setLegendPadding((int) Math.round(text * 0.6));
    styler.setErrorBarsColorSeriesColor(true);
    styler.setMarkerSize(marker);
    styler.setXAxisTickMarkSpacingHint((int) Math.round(text * 5));
    styler.setYAxisTickMarkSpacingHint((int) Math.round(text * 2.6));
    styler.setLocale(Locale.ROOT);
    styler.setXAxisDecimalPattern(PLAIN);
    styler.setYAxisDecimalPattern(PLAIN);
  }
}
