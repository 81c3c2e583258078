package org.fedlayers.sweep;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.commons.lang3.ArrayUtils;
import org.fedlayers.experiment.Cell;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Schema;

/** Rows that a cell has produced, by table: {@code rounds} and what it measures. */
final class CellTables {
  static final String OK = "ok";
  static final String DIVERGED = "diverged";

  private final Map<String, List<List<Object>>> rows = new TreeMap<>();

  /** Adds a row, as {@link Schema#row} takes it. */
  void add(Schema table, Object... values) {
    add(table, table.row(values));
  }

  /** Adds a row that begins with the cell, its arm, its seed and the round. */
  void add(Schema table, Cell cell, int round, Object... values) {
    Object[] run = {cell.id(), cell.arm().text(), cell.seed(), round};
    add(table, ArrayUtils.addAll(run, values));
  }

  void add(Schema table, List<Object> row) {
    rows.computeIfAbsent(table.name(), none -> new ArrayList<>()).add(row);
  }

  List<List<Object>> of(Schema table) {
    return rows.getOrDefault(table.name(), List.of());
  }

  boolean has(Schema table) {
    return rows.containsKey(table.name());
  }

  /** The rows of a table, to compute with. */
  Rows rows(Schema table) {
    return table.table(of(table));
  }

  /** The round in which the cell diverged, if it did. */
  OptionalInt divergence() {
    return Arrays.stream(rows(Schema.ROUNDS).where(Map.of("status", DIVERGED)).numbers("round"))
        .mapToInt(round -> (int) round)
        .findFirst();
  }

  /** Mean accuracy of a model over the last scored rounds, in [0, 1]; NaN if it diverged. */
  double accuracy(String model) {
    return divergence().isPresent()
        ? Double.NaN
        : Sample.of(rows(Schema.ROUNDS).where(Map.of("model", model)), "accuracy", Reduction.END)
            .mean();
  }

  CellTables copy() {
    return of(rows);
  }

  @JsonValue
  Map<String, List<List<Object>>> all() {
    return rows;
  }

  @JsonCreator
  static CellTables of(Map<String, List<List<Object>>> rows) {
    CellTables tables = new CellTables();
    rows.forEach(
        (name, all) -> {
          Schema table = Schema.named(name);
          // Columns are added at the end: those of an older version's rows are empty.
          int width = table.columns().size();
          all.forEach(
              row -> tables.add(table, Arrays.copyOf(row.toArray(), Math.max(row.size(), width))));
        });
    return tables;
  }
}
