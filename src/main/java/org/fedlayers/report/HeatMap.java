package org.fedlayers.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.results.Names;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.knowm.xchart.HeatMapChart;

/**
 * A value over two columns as colours, its mean over seeds: images of each class at each client,
 * divergence by layer and round.
 */
final class HeatMap {
  private static final List<Integer> STEPS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500);
  private final FigureSpec spec;
  private final Style style;
  private final String xName;
  private final String yName;
  private final String valueName;
  private final Quantity value;
  private final boolean logarithmic;
  private final Range range = new Range(false);

  private HeatMap(FigureSpec spec, Style style) {
    this.spec =
        spec.knowing(
            "x", "y", "value", "missing", "contours", "log", "x-title", "y-title", "value-title");
    this.style = style;
    xName = spec.text("x");
    yName = spec.text("y");
    valueName = spec.text("value");
    value = Quantity.of(valueName, 0).titled(spec.text("value-title", null));
    logarithmic = spec.words("log").contains("value");
  }

  static Drawing draw(Rows rows, FigureSpec spec, Style style) {
    return new HeatMap(spec, style).draw(rows);
  }

  /** What stands along the axes, and the values by their places there. */
  private record Grid(List<String> xs, List<String> ys, List<Number[]> cells) {}

  private Drawing draw(Rows rows) {
    Map<String, Grid> panels = new LinkedHashMap<>();
    rows.by(spec.words("panel"), Names::of).forEach((title, part) -> panels.put(title, grid(part)));
    List<HeatMapChart> charts = new ArrayList<>();
    panels.forEach((title, grid) -> charts.add(chart(title, grid, panels.size())));
    return new Drawing(charts, rows.seeds() > 1 ? "means over seeds" : "");
  }

  private HeatMapChart chart(String title, Grid grid, int beside) {
    int width = style.chartWidth(beside);
    int height = style.chartHeight(beside);
    HeatMapChart chart = new ContourMap(width, height, (int) spec.number("contours", 0));
    chart.setTitle(title);
    chart.setXAxisTitle(Quantity.of(xName, 0).titled(spec.text("x-title", null)).title());
    chart.setYAxisTitle(Quantity.of(yName, 0).titled(spec.text("y-title", null)).title());
    style.apply(chart.getStyler());
    chart.getStyler().setRangeColors(Palette.SEQUENTIAL);
    chart.getStyler().setMin(range.smallest()).setMax(range.largest());
    chart.getStyler().setHeatMapDecimalValueFormatter(this::end);
    chart.getStyler().setDrawBorder(true); // or the page shines through between cells
    chart.getStyler().setPlotGridLinesVisible(false);
    double letters =
        grid.xs.stream().mapToInt(label -> shortened(label).length()).max().orElse(1) + 1.5;
    chart.addSeries(
        value.title() + (logarithmic ? ", logarithmic" : ""),
        thinned(grid.xs, width * 0.85 / (letters * style.text * 0.55)),
        thinned(grid.ys, height * 0.7 / (style.text * 1.3)),
        grid.cells);
    return chart;
  }

  /** Empty where nothing was measured, unless the figure says what missing rows mean. */
  private Grid grid(Rows rows) {
    List<String> xs = places(rows, xName);
    List<String> ys = places(rows, yName);
    range.include(spec.number("missing", Double.NaN)); // equal counts must not look unequal
    Map<String, Rows> places = rows.by(List.of(xName, yName), (column, place) -> place);
    List<Number[]> cells = new ArrayList<>();
    for (int x = 0; x < xs.size(); x++) {
      for (int y = 0; y < ys.size(); y++) {
        Rows there = places.get(xs.get(x) + ", " + ys.get(y));
        double mean =
            there == null
                ? spec.number("missing", Double.NaN)
                : Sample.of(there, valueName, Reduction.LAST).mean();
        double shown = logarithmic ? Math.log10(mean * value.factor()) : mean * value.factor();
        if (Double.isFinite(shown)) {
          range.include(shown);
          cells.add(new Number[] {x, y, shown});
        }
      }
    }
    return new Grid(xs, ys, cells);
  }

  /** A value of the colour scale in the file's own terms. */
  private String end(double onScale) {
    double end = logarithmic ? Math.pow(10, onScale) : onScale;
    return String.format(Locale.ROOT, end == Math.rint(end) ? "%.0f" : "%.3g", end);
  }

  /** In ascending order if they are numbers, else as the file has them. */
  private static List<String> places(Rows rows, String column) {
    List<String> texts = rows.texts(column).stream().distinct().toList();
    return rows.hasNumbers(column)
        ? texts.stream().sorted(Comparator.comparingDouble(Double::parseDouble)).toList()
        : texts;
  }

  /** Blank labels between those for which there is room. */
  private static List<String> thinned(List<String> labels, double room) {
    int every =
        STEPS.stream().filter(step -> labels.size() / room <= step).findFirst().orElse(1000);
    String[] thinned = new String[labels.size()];
    Arrays.setAll(thinned, i -> i % every == 0 ? shortened(labels.get(i)) : " ");
    return List.of(thinned);
  }

  private static String shortened(String label) {
    return label.matches("-?[0-9]+\\.[0-9]{3,}")
        ? new BigDecimal(label)
            .setScale(2, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        : Names.of(label);
  }
}
