package org.fedlayers.report;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** Depth, receptive field and number of weights, which only the summary of an experiment states. */
final class ModelFacts {
  static final List<String> COLUMNS = List.of("weights", "depth", "receptive_field");

  private ModelFacts() {}

  /**
   * Adds the facts to rows that lack them, found by what a row says of the grid. Rows that the
   * summary does not know, such as those of a run still going on, get none.
   */
  static Table join(Table table, Path summaryFile) {
    Table summary = Tables.load(summaryFile);
    COLUMNS.forEach(fact -> Tables.require(summary, fact));
    List<String> grid =
        summary.columnNames().stream()
            .skip(summary.columnIndex(COLUMNS.get(COLUMNS.size() - 1)) + 1)
            .filter(table::containsColumn)
            .toList();
    Map<String, Integer> known = new HashMap<>();
    List<String> keys = keys(summary, grid);
    for (int row = 0; row < keys.size(); row++) {
      known.put(keys.get(row), row);
    }
    List<String> wanted = keys(table, grid);
    Table joined = table.copy().setName(table.name());
    for (String fact : COLUMNS) {
      double[] facts = Rows.of(summary).numbers(fact);
      double[] values = new double[wanted.size()];
      Arrays.setAll(
          values,
          row ->
              known.containsKey(wanted.get(row)) ? facts[known.get(wanted.get(row))] : Double.NaN);
      joined.addColumns(DoubleColumn.create(fact, values));
    }
    return joined;
  }

  private static List<String> keys(Table table, List<String> grid) {
    Rows rows = Rows.of(table);
    List<List<String>> columns = grid.stream().map(rows::texts).toList();
    return IntStream.range(0, table.rowCount())
        .mapToObj(
            row ->
                columns.stream().map(column -> column.get(row)).collect(Collectors.joining("\n")))
        .toList();
  }
}
