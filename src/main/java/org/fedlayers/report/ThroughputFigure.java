package org.fedlayers.report;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

/**
 * The figure of {@code results/bench}: for each kind of machine, training speed as a multiple of
 * PyTorch's, and as a share of what matrix products reach.
 */
public final class ThroughputFigure {
  private static final double PERCENT = 100;

  /** Between the tallest error bar and the end of the axis. */
  private static final double HEADROOM = 1.05;

  private ThroughputFigure() {}

  /**
   * Draws {@code throughput.csv} as SVG and PNG beside it.
   *
   * @return the files
   * @throws org.fedlayers.data.UserError if the file is missing or damaged
   */
  public static List<Path> draw(Path directory, Style style) {
    return Figures.write(directory, "throughput" + style.suffix, sheet(directory, style));
  }

  /** The same without writing it. */
  public static Sheet sheet(Path directory, Style style) {
    Rows rows = Rows.of(ResultsFiles.load(directory.resolve("throughput.csv")));
    Map<String, Rows> machines = rows.by(List.of("cpu", "isa"), Names::of);
    int charts = 2 * machines.size();
    List<CategoryChart> all = new ArrayList<>();
    machines.forEach(
        (machine, measured) -> {
          all.add(ratios(chart(style, charts, machine, "Speed (multiple of PyTorch's)"), measured));
          String title = "Share of matrix products' rate (%)";
          all.add(shares(chart(style, charts, machine, title), measured));
        });
    return new Sheet("Training speed, one thread a worker", context(rows), all, style);
  }

  /** An empty chart of bars that start at 0. */
  static CategoryChart chart(Style style, int charts, String title, String y) {
    CategoryChart chart = new CategoryChart(style.chartWidth(charts), style.chartHeight(charts));
    chart.setTitle(title);
    chart.setYAxisTitle(y);
    style.apply(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.8).setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static CategoryChart ratios(CategoryChart chart, Rows rows) {
    pytorch(chart, rows, row -> row.numbers("ratio")[0] / row.numbers("ratio")[0]);
    return ours(chart, rows, "ratio", 1);
  }

  private static CategoryChart shares(CategoryChart chart, Rows rows) {
    pytorch(
        chart,
        rows,
        row ->
            PERCENT
                * row.numbers("gflop_per_image")[0]
                * row.numbers("pytorch_images_per_second")[0]
                / row.numbers("gemm_gflops")[0]);
    return ours(chart, rows, "gemm_share", PERCENT);
  }

  /** PyTorch's bars, from what was measured beside one worker of the first path. */
  private static void pytorch(CategoryChart chart, Rows rows, ToDoubleFunction<Rows> measure) {
    Rows beside = rows.where(Map.of("path", rows.texts("path").get(0), "workers", 1));
    Series bars = new Series();
    for (String net : nets(rows)) {
      Rows one = beside.where(Map.of("net", net));
      bars.add(one.count() == 0 ? Double.NaN : measure.applyAsDouble(one), 0);
    }
    bars.show(chart, "PyTorch", nets(rows), Palette.FAINT);
  }

  /** Bars of a measure for each path and number of workers. */
  private static CategoryChart ours(CategoryChart chart, Rows rows, String measure, double factor) {
    int colour = 0;
    for (Rows series : rows.by(List.of("path", "workers"), Names::of).values()) {
      Series bars = new Series();
      for (String net : nets(rows)) {
        Rows one = series.where(Map.of("net", net));
        boolean there = one.count() > 0;
        bars.add(
            there ? factor * one.numbers(measure)[0] : Double.NaN,
            there
                ? factor
                    * (one.numbers(measure + "_high")[0] - one.numbers(measure + "_low")[0])
                    / 2
                : 0);
      }
      String workers = Rows.plain(series.numbers("workers")[0]);
      String label =
          "%s, %s worker%s"
              .formatted(series.texts("path").get(0), workers, workers.equals("1") ? "" : "s");
      bars.show(chart, label, nets(rows), Palette.colour(colour++));
    }
    return chart;
  }

  /** One series; what was not measured is left open. */
  private static final class Series {
    private final List<Double> heights = new ArrayList<>();
    private final List<Double> errors = new ArrayList<>();

    void add(double height, double error) {
      heights.add(Double.isFinite(height) ? height : 0);
      errors.add(Double.isFinite(error) ? error : 0);
    }

    void show(CategoryChart chart, String label, List<String> nets, Color colour) {
      if (heights.stream().allMatch(height -> height == 0)) {
        return;
      }
      boolean uncertain = errors.stream().anyMatch(error -> error > 0);
      List<String> names = nets.stream().map(Names::of).toList();
      CategorySeries series = chart.addSeries(label, names, heights, uncertain ? errors : null);
      series.setFillColor(colour);
      series.setLineColor(Palette.INK);
      Double top = chart.getStyler().getYAxisMax();
      for (int i = 0; i < heights.size(); i++) {
        top = Math.max(top == null ? 0 : top, HEADROOM * (heights.get(i) + errors.get(i)));
      }
      chart.getStyler().setYAxisMax(top);
    }
  }

  private static List<String> nets(Rows rows) {
    return rows.texts("net").stream().distinct().toList();
  }

  private static String context(Rows rows) {
    double[] loads = rows.numbers("load");
    return ("medians of %s turns by the %s clock; two workers beside two PyTorch processes; error bars: half the range;"
            + " load average %s to %s")
        .formatted(
            Rows.plain(Arrays.stream(rows.numbers("repeats")).min().orElse(0)),
            String.join(" and ", new TreeSet<>(rows.texts("clock"))),
            Rows.plain(Arrays.stream(loads).min().orElse(0)),
            Rows.plain(Arrays.stream(loads).max().orElse(0)));
  }
}
