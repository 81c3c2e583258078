package org.fedlayers.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.results.Rows;
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
  static Table join(Table table, Table summary) {
    List<String> grid =
        summary.columnNames().stream()
            .skip(summary.columnIndex(COLUMNS.get(COLUMNS.size() - 1)) + 1)
            .filter(table::containsColumn)
            .toList();
    Map<String, Rows> known = Rows.of(summary).by(grid, (column, value) -> value);
    Table joined = table.copy().setName(table.name());
    for (String fact : COLUMNS) {
      DoubleColumn facts = DoubleColumn.create(fact, table.rowCount());
      Rows.of(table)
          .by(grid, (column, value) -> value)
          .forEach(
              (point, rows) -> {
                if (known.containsKey(point)) {
                  double value = known.get(point).numbers(fact)[0];
                  Arrays.stream(rows.indices()).forEach(row -> facts.set(row, value));
                }
              });
      joined.addColumns(facts);
    }
    return joined;
  }
}
