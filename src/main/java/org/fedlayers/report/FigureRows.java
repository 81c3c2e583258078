package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The rows of a results folder that a figure is about. */
final class FigureRows {
  /** What only the summary of an experiment states of its networks. */
  private static final List<String> FACTS = List.of("weights", "depth", "receptive_field");

  private FigureRows() {}

  /**
   * @throws NotMeasuredException if a file, a later version's column, or every row is missing
   */
  static Rows of(Path directory, FigureSpec spec, ResultsFiles files) {
    boolean summarised = !spec.isSingle() && !spec.isContrast() && spec.reaching().isEmpty();
    String usual = summarised ? "summary.csv" : "rounds.csv";
    String name = spec.from().isEmpty() ? usual : spec.from();
    if (!Files.isRegularFile(directory.resolve(name))) {
      throw new NotMeasuredException(name);
    }
    Table table = ofEveryModel(files.table(directory.resolve(name)));
    boolean chosen = !spec.from().isEmpty() && !spec.shown().isEmpty();
    if (chosen && !table.containsColumn(spec.shown())) {
      throw new NotMeasuredException("%s (%s)".formatted(spec.shown(), name));
    }
    boolean lacksFacts =
        FACTS.stream().anyMatch(fact -> spec.uses(fact) && !table.containsColumn(fact));
    Table whole =
        lacksFacts ? withFacts(table, files.table(directory.resolve("summary.csv"))) : table;
    Rows rows = Rows.of(whole).where(spec.where());
    if (rows.count() == 0) {
      throw new NotMeasuredException("%s where %s".formatted(name, spec.where()));
    }
    return rows;
  }

  /** Rows that record a divergence are of no model: here they are of each that is scored. */
  private static Table ofEveryModel(Table table) {
    Rows rows = Rows.of(table);
    if (!rows.has("status") || !rows.has("model")) {
      return table;
    }
    int[] lost = rows.where(Map.of("status", "diverged", "model", "")).indices();
    List<String> models =
        rows.texts("model").stream().filter(one -> !one.isEmpty()).distinct().toList();
    if (lost.length == 0 || models.isEmpty()) {
      return table;
    }
    Table all = table.dropRows(lost).setName(table.name());
    for (String model : models) {
      Table own = table.rows(lost);
      own.replaceColumn(StringColumn.create("model", Arrays.stream(lost).mapToObj(row -> model)));
      all.append(own);
    }
    return all;
  }

  /**
   * A copy with the facts of networks, found by what a row says of the grid. Rows that the summary
   * does not know, such as those of a run still going on, get none.
   */
  private static Table withFacts(Table known, Table summary) {
    Table table = known.copy().setName(known.name());
    List<String> grid =
        summary.columnNames().stream()
            .skip(summary.columnIndex("receptive_field") + 1L)
            .filter(table::containsColumn)
            .toList();
    Map<String, Rows> networks = Rows.of(summary).by(grid, (column, value) -> value);
    Map<String, Rows> groups = Rows.of(table).by(grid, (column, value) -> value);
    for (String fact : FACTS) {
      DoubleColumn facts = DoubleColumn.create(fact, table.rowCount());
      groups.forEach(
          (point, rows) -> {
            if (networks.containsKey(point)) {
              double value = networks.get(point).numbers(fact)[0];
              Arrays.stream(rows.indices()).forEach(row -> facts.set(row, value));
            }
          });
      table.addColumns(facts);
    }
    return table;
  }
}
