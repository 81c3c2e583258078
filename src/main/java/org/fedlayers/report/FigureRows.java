package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The rows of a results folder that a figure is about. */
final class FigureRows {
  private FigureRows() {}

  /**
   * @throws NotMeasuredException if a file, a later version's column, or every row is missing
   */
  static Rows of(Path directory, FigureSpec spec, ResultsFiles files) {
    String usual = spec.isSummarised() ? "summary.csv" : "rounds.csv";
    String name = spec.from().isEmpty() ? usual : spec.from();
    if (!Files.isRegularFile(directory.resolve(name))) {
      throw new NotMeasuredException(name);
    }
    Table measured = files.table(directory.resolve(name));
    Table known = withDiverged(withStatus(measured, directory.resolve("rounds.csv"), files));
    if (!spec.from().isEmpty() && !spec.shown().isEmpty() && !known.containsColumn(spec.shown())) {
      throw new NotMeasuredException("%s (%s)".formatted(spec.shown(), name));
    }
    boolean lacking =
        FigureSpec.FACTS.stream().anyMatch(fact -> spec.uses(fact) && !known.containsColumn(fact));
    Table table = lacking ? withFacts(known, files.table(directory.resolve("summary.csv"))) : known;
    Rows rows = Rows.of(table).where(spec.where());
    if (rows.count() == 0) {
      throw new NotMeasuredException("%s where %s".formatted(name, spec.where()));
    }
    return rows;
  }

  /**
   * What else was measured of a run until it diverged says so, and is in no mean. A table without
   * rounds is of no run's course: who has which images.
   */
  private static Table withStatus(Table table, Path rounds, ResultsFiles files) {
    Rows rows = Rows.of(table);
    if (rows.has("status") || !rows.has("round") || !Files.isRegularFile(rounds)) {
      return table;
    }
    Rows known = rows.without(Rows.of(files.table(rounds)).diverged());
    if (known.count() == rows.count()) {
      return table;
    }
    StringColumn status = StringColumn.create("status", table.rowCount());
    Arrays.stream(rows.without(known).indices()).forEach(row -> status.set(row, "diverged"));
    return table.copy().setName(table.name()).addColumns(status);
  }

  /** A row that records a divergence is of no model: here it is one of each scored model. */
  private static Table withDiverged(Table table) {
    Rows rows = Rows.of(table);
    if (!rows.has("status") || !rows.has("model")) {
      return table;
    }
    int[] lost = rows.diverged().where(Map.of("model", "")).indices();
    if (lost.length == 0 || lost.length == table.rowCount()) {
      return table;
    }
    Table all = table.dropRows(lost).setName(table.name());
    for (String model : Rows.of(all).texts("model").stream().distinct().toList()) {
      Table own = table.rows(lost);
      own.replaceColumn(StringColumn.create("model", Arrays.stream(lost).mapToObj(row -> model)));
      all.append(own);
    }
    return all;
  }

  /**
   * A copy with the facts of networks, which are found by what a row says of the grid. Rows that
   * the summary does not know, such as those of a run still going on, get none.
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
    for (String fact : FigureSpec.FACTS) {
      DoubleColumn facts = DoubleColumn.create(fact, table.rowCount());
      groups.keySet().retainAll(networks.keySet());
      groups.forEach(
          (point, rows) -> {
            double value = networks.get(point).numbers(fact)[0];
            Arrays.stream(rows.indices()).forEach(row -> facts.set(row, value));
          });
      table.addColumns(facts);
    }
    return table;
  }
}
