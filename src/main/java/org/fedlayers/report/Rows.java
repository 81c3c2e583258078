package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fedlayers.data.UserError;
import tech.tablesaw.api.NumberColumn;
import tech.tablesaw.api.Table;

/** Some rows of a table, in the file's order. */
record Rows(Table table, int[] indices) {

  static Rows of(Table table) {
    return new Rows(table, IntStream.range(0, table.rowCount()).toArray());
  }

  int count() {
    return indices.length;
  }

  /** Those where every named column has the given value, or one of a list of values. */
  Rows where(Map<String, ?> conditions) {
    Rows rows = this;
    for (Map.Entry<String, ?> condition : conditions.entrySet()) {
      String column = condition.getKey();
      List<?> wanted =
          condition.getValue() instanceof List<?> several ? several : List.of(condition.getValue());
      List<String> texts = wanted.stream().map(Rows::plain).toList();
      rows = rows.filter(column, row -> texts.contains(text(column, row)));
    }
    return rows;
  }

  /** Apart by the values of some columns, in the order in which they first appear. */
  Map<String, Rows> by(List<String> columns) {
    columns.forEach(column -> Tables.require(table, column));
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int row : indices) {
      String label =
          columns.stream()
              .map(column -> Names.of(column, text(column, row)))
              .collect(Collectors.joining(", "));
      groups.computeIfAbsent(label, none -> new ArrayList<>()).add(row);
    }
    Map<String, Rows> rows = new LinkedHashMap<>();
    groups.forEach(
        (label, group) ->
            rows.put(label, new Rows(table, group.stream().mapToInt(i -> i).toArray())));
    return rows;
  }

  /**
   * Those that have a value in a column: a summary may not know all rows of a run still going on.
   */
  Rows known(String column) {
    Tables.require(table, column);
    return filter(column, row -> !table.column(column).isMissing(row));
  }

  /** Apart by the plain values of one column, in the order in which they first appear. */
  Map<String, Rows> apart(String column) {
    Tables.require(table, column);
    Map<String, Rows> rows = new LinkedHashMap<>();
    texts(column).stream()
        .distinct()
        .forEach(value -> rows.put(value, filter(column, row -> text(column, row).equals(value))));
    return rows;
  }

  double[] numbers(String column) {
    Tables.require(table, column);
    if (!(table.column(column) instanceof NumberColumn<?, ?> numbers)) {
      throw new UserError("%s: column '%s' does not hold numbers".formatted(table.name(), column));
    }
    return Arrays.stream(indices).mapToDouble(numbers::getDouble).toArray();
  }

  /** The seed of each row; 0 where the table has none. */
  double[] seedOfEach() {
    return table.containsColumn("seed") ? numbers("seed") : new double[indices.length];
  }

  /** How many seeds there are. */
  int seeds() {
    return (int) Arrays.stream(seedOfEach()).distinct().count();
  }

  boolean hasNumbers(String column) {
    Tables.require(table, column);
    return table.column(column) instanceof NumberColumn;
  }

  List<String> texts(String column) {
    Tables.require(table, column);
    return Arrays.stream(indices).mapToObj(row -> text(column, row)).toList();
  }

  private Rows filter(String column, IntPredicate wanted) {
    Tables.require(table, column);
    return new Rows(table, Arrays.stream(indices).filter(wanted).toArray());
  }

  private String text(String column, int row) {
    Object value = table.get(row, table.columnIndex(column));
    return value == null ? "" : plain(value);
  }

  /** Whole numbers without a fraction, however they were read. */
  static String plain(Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return String.valueOf(number.longValue());
    }
    return String.valueOf(value);
  }
}
