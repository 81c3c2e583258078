package org.fedlayers;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.fedlayers.data.Heterogeneity;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.report.Figures;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What {@link Run} measures, as tables. */
final class Measures {
  private Measures() {}

  static Table labels(int[][] counts, List<String> classes) {
    IntColumn client = IntColumn.create("client");
    StringColumn name = StringColumn.create("class");
    IntColumn images = IntColumn.create("images");
    for (int m = 0; m < counts.length; m++) {
      for (int c = 0; c < classes.size(); c++) {
        client.append(m);
        name.append(classes.get(c));
        images.append(counts[m][c]);
      }
    }
    return Table.create("labels", client, name, images);
  }

  /** See {@link Simulation#plotPartition}; {@code set} names the images. */
  static BufferedImage plotPartition(Table labels, Heterogeneity unlike, String set) {
    IntSummaryStatistics sizes = Arrays.stream(unlike.samples()).summaryStatistics();
    String most = sizes.getMin() == sizes.getMax() ? "" : " to " + sizes.getMax();
    String numbers =
        String.format(
            Locale.ROOT,
            "%s, %d clients of %d%s training images; means: KL divergence %.2f nats, earth"
                + " mover's distance %.2f, effective classes %.1f",
            set,
            unlike.samples().length,
            sizes.getMin(),
            most,
            mean(unlike.kl()),
            mean(unlike.emd()),
            mean(unlike.effectiveClasses()));
    return Figures.picture(
        labels.setName(numbers),
        Map.of(
            "kind",
            "heat",
            "x",
            "client",
            "y",
            "class",
            "value",
            "images",
            "title",
            "Training images of each class at each client"));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  static Table divergence(List<DivergenceMeter.Measured> rows) {
    return Table.create(
        "divergence",
        IntColumn.create("round", rows.stream().mapToInt(row -> row.round() + 1).toArray()),
        StringColumn.create("part", rows.stream().map(Measures::part)),
        StringColumn.create("layer", rows.stream().map(DivergenceMeter.Measured::layer)),
        IntColumn.create("index", rows.stream().mapToInt(row -> row.index() + 1).toArray()),
        column("update", rows, row -> row.divergence().update()),
        column("cosine", rows, row -> row.divergence().cosine()),
        column("relative", rows, row -> row.divergence().relative()),
        column("absolute", rows, row -> row.divergence().absolute()));
  }

  private static String part(DivergenceMeter.Measured row) {
    return row.part().name().toLowerCase(Locale.ROOT);
  }

  private static <T> DoubleColumn column(String name, List<T> rows, ToDoubleFunction<T> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }

  static Table curvature(Curvature at) {
    Table table = table("curvature", "measure", "value", "error");
    at.top(3).forEach(row -> add(table, "eigenvalue " + (row.index() + 1), row));
    add(table, "trace", at.trace());
    add(table, "adaptive sharpness", at.adaptive());
    add(table, "loss", at.loss(), 0);
    return table;
  }

  static Table blocks(Curvature at) {
    Table table = table("blocks", "layer", "eigenvalue", "error");
    at.layers().forEach(row -> add(table, row.layer(), row));
    return table;
  }

  static Table activations(Map<String, Double> squares) {
    Table table = table("activations", "layer", "square");
    squares.forEach((layer, square) -> add(table, layer, square));
    return table;
  }

  static Table landscape(List<Landscape.Point> points) {
    return Table.create(
        "landscape",
        column("alpha", points, Landscape.Point::x),
        column("beta", points, Landscape.Point::y),
        column("loss", points, Landscape.Point::loss));
  }

  private static Table table(String name, String of, String... columns) {
    Table table = Table.create(name, StringColumn.create(of));
    for (String column : columns) {
      table.addColumns(DoubleColumn.create(column));
    }
    return table;
  }

  private static void add(Table table, String of, Curvature.Measured row) {
    add(table, of, row.value(), row.error());
  }

  private static void add(Table table, String of, double... values) {
    table.stringColumn(0).append(of);
    for (int i = 0; i < values.length; i++) {
      table.doubleColumn(i + 1).append(values[i]);
    }
  }
}
