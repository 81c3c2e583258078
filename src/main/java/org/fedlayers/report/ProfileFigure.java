package org.fedlayers.report;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

/**
 * The figure of {@code results/bench/profile.csv}: for each kind of machine, where the time of a
 * training step goes, net by net.
 */
public final class ProfileFigure {
  private static final double PERCENT = 100;

  /** Kinds of steps that are told apart; an empty set takes what no other takes. */
  private enum Part {
    FORWARD("Convolutions: forward", 0, "convolution forward"),
    DATA("Convolutions: slopes by inputs", 5, "convolution backward data"),
    WEIGHTS("Convolutions: slopes by weights", 2, "convolution backward weights"),
    DENSE("Dense layers", 3, "dense"),
    NORMALISERS("Normalisers", 1, "norm"),
    BETWEEN("Pools, ReLU, additions", 4, "pool", "activation", "add"),
    REST("Optimiser, batches, copies", Palette.FAINT);

    private final String label;
    private final Color colour;
    private final Set<String> kinds;

    Part(String label, int colour, String... kinds) {
      this(label, Palette.colour(colour), kinds);
    }

    Part(String label, Color colour, String... kinds) {
      this.label = label;
      this.colour = colour;
      this.kinds = Set.of(kinds);
    }

    static Part of(String kind) {
      return Arrays.stream(values())
          .filter(part -> part.kinds.contains(kind))
          .findFirst()
          .orElse(REST);
    }
  }

  private ProfileFigure() {}

  /**
   * Draws {@code profile.csv} as SVG and PNG beside it.
   *
   * @return the files
   * @throws org.fedlayers.data.UserError if the file is missing or damaged
   */
  public static List<Path> draw(Path directory, Style style) {
    return Figures.write(directory, "profile" + style.suffix, sheet(directory, style));
  }

  /** The same without writing it. */
  public static Sheet sheet(Path directory, Style style) {
    Rows rows = Rows.of(ResultsFiles.load(directory.resolve("profile.csv")));
    Map<String, Rows> machines = rows.by(List.of("cpu", "isa"), Names::of);
    List<CategoryChart> charts = new ArrayList<>();
    machines.forEach(
        (machine, measured) -> charts.add(chart(machine, measured, machines.size(), style)));
    String clocks = String.join(" and ", new TreeSet<>(rows.texts("clock")));
    return new Sheet(
        "Where a training step's time goes",
        "one thread, by the " + clocks + " clock",
        charts,
        style);
  }

  private static CategoryChart chart(String machine, Rows rows, int charts, Style style) {
    CategoryChart chart =
        ThroughputFigure.chart(style, charts, machine, "Share of a step's time (%)");
    chart.getStyler().setStacked(true).setYAxisMax(PERCENT);
    Map<String, double[]> shares = shares(rows);
    List<String> nets = shares.keySet().stream().map(Names::of).toList();
    for (Part part : Part.values()) {
      List<Double> heights =
          shares.values().stream().map(net -> PERCENT * net[part.ordinal()]).toList();
      CategorySeries series = chart.addSeries(part.label, nets, heights);
      series.setFillColor(part.colour);
      series.setLineColor(Palette.INK);
    }
    return chart;
  }

  /** By net, in the order of the file, the share of each part. */
  private static Map<String, double[]> shares(Rows rows) {
    Map<String, double[]> shares = new LinkedHashMap<>();
    List<String> nets = rows.texts("net");
    List<String> kinds = rows.texts("kind");
    double[] share = rows.numbers("share");
    for (int i = 0; i < share.length; i++) {
      double[] net = shares.computeIfAbsent(nets.get(i), none -> new double[Part.values().length]);
      net[Part.of(kinds.get(i)).ordinal()] += share[i];
    }
    return shares;
  }
}
