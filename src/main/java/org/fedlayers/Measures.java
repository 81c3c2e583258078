package org.fedlayers;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.math3.stat.StatUtils;
import org.fedlayers.data.Heterogeneity;
import org.fedlayers.diagnostics.Divergence;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.options.Values;
import org.fedlayers.report.Figures;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The tables of what a {@link Run} measures, and the picture of its partition. */
final class Measures {
  private Measures() {}

  /**
   * An empty table.
   *
   * @param columns names separated by spaces; {@code #} behind one stands for whole numbers, {@code
   *     ##} for long ones, {@code ~} for real ones, nothing for words
   */
  static Table table(String name, String columns) {
    return Table.create(
        name, Stream.of(columns.split(" ")).map(Measures::column).toArray(Column<?>[]::new));
  }

  private static Column<?> column(String marked) {
    String name = marked.replaceAll("[#~]", "");
    return switch (marked.substring(name.length())) {
      case "#" -> IntColumn.create(name);
      case "##" -> LongColumn.create(name);
      case "~" -> DoubleColumn.create(name);
      default -> StringColumn.create(name);
    };
  }

  /** Appends a row of one value a column. */
  static void add(Table table, Object... row) {
    for (int i = 0; i < row.length; i++) {
      table.column(i).appendObj(row[i]);
    }
  }

  /** An empty table; see {@link Run#divergence}. */
  static Table divergence() {
    return table("divergence", "round# part layer index# update~ cosine~ relative~ absolute~");
  }

  /** Appends a row for each measured round and layer. */
  static void addDivergence(Table table, List<DivergenceMeter.Measured> measured) {
    for (DivergenceMeter.Measured row : measured) {
      Divergence by = row.divergence();
      String part = Values.word(row.part());
      Object[] where = {row.round() + 1, part, row.layer(), row.index() + 1};
      Object[] values = {by.update(), by.cosine(), by.relative(), by.absolute()};
      add(table, ArrayUtils.addAll(where, values));
    }
  }

  /**
   * How images are split among clients; see {@link Simulation#plotPartition}.
   *
   * @param labels as {@link Run#labels} gives it
   * @param set names the images
   */
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
            StatUtils.mean(unlike.kl()),
            StatUtils.mean(unlike.emd()),
            StatUtils.mean(unlike.effectiveClasses()));
    String title = "Training images of each class at each client";
    return Figures.picture(
        labels.setName(numbers),
        Map.of("kind", "heat", "x", "client", "y", "class", "value", "images", "title", title));
  }
}
