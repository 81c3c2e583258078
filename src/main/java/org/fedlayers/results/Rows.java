package org.fedlayers.results;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import tech.tablesaw.api.NumberColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Some rows of a table, in the file's order. */
public record Rows(Table table, int[] indices) {
  /** Columns that tell configurations apart, besides those named by the key of a setting. */
  private static final Set<String> SETTINGS = Set.of("arm", "model", "method", "partition");

  public static Rows of(Table table) {
    return new Rows(table, IntStream.range(0, table.rowCount()).toArray());
  }

  public int count() {
    return indices.length;
  }

  public boolean has(String column) {
    return table.containsColumn(column);
  }

  /**
   * The rows where every named column has the given value, or one of a list of values; a name that
   * no row has stands for that name with any options.
   */
  public Rows where(Map<String, ?> conditions) {
    Rows rows = this;
    for (Map.Entry<String, ?> condition : conditions.entrySet()) {
      Column<?> column = column(condition.getKey());
      List<?> wanted =
          condition.getValue() instanceof List<?> several ? several : List.of(condition.getValue());
      List<String> texts = wanted.stream().map(value -> plain(like(column, value))).toList();
      Set<String> there = Set.copyOf(rows.texts(condition.getKey()));
      rows =
          rows.only(
              row -> {
                String own = text(column, row);
                return texts.stream()
                    .anyMatch(
                        name ->
                            there.contains(name) ? own.equals(name) : Names.isCalled(own, name));
              });
    }
    return rows;
  }

  private static Object like(Column<?> column, Object value) {
    boolean number =
        column instanceof NumberColumn && value.toString().matches("-?\\d*\\.?\\d+([eE]-?\\d+)?");
    return number ? Double.valueOf(value.toString()) : value;
  }

  /** Groups rows by the values of some columns, in the order in which they first appear. */
  public Map<String, Rows> by(List<String> columns, BinaryOperator<String> namer) {
    return group(
        row ->
            columns.stream()
                .map(column -> namer.apply(column, text(column(column), row)))
                .collect(Collectors.joining(", ")),
        new LinkedHashMap<>());
  }

  /** Groups rows by the plain values of one column, in the order in which they first appear. */
  public Map<String, Rows> by(String column) {
    return by(List.of(column), (name, value) -> value);
  }

  /** In ascending order; all rows at seed 0 if the table has no seeds. */
  public SortedMap<Long, Rows> bySeed() {
    return group(this::seed, new TreeMap<>());
  }

  private long seed(int row) {
    return has("seed") ? (long) number("seed").getDouble(row) : 0;
  }

  private <K, M extends Map<K, Rows>> M group(IntFunction<K> key, M groups) {
    Map<K, IntStream.Builder> found = new LinkedHashMap<>();
    for (int row : indices) {
      found.computeIfAbsent(key.apply(row), none -> IntStream.builder()).add(row);
    }
    found.forEach((one, rows) -> groups.put(one, new Rows(table, rows.build().toArray())));
    return groups;
  }

  /** The rows of runs with the id that the run of each seed must have. */
  public Rows ofCells(LongFunction<String> id) {
    Map<Long, String> ids = new HashMap<>();
    return only(row -> text(column("cell"), row).equals(ids.computeIfAbsent(seed(row), id::apply)));
  }

  /**
   * The rows that have a value in a column: a summary may not know all rows of a run that goes on.
   */
  public Rows known(String column) {
    return only(row -> !column(column).isMissing(row));
  }

  /** The rows that record a divergence; a file of an older version has none. */
  public Rows diverged() {
    return has("status") ? where(Map.of("status", "diverged")) : only(row -> false);
  }

  /** The rows of all runs that have no row there. */
  public Rows without(Rows runs) {
    Set<String> left = runs.runs();
    return left.isEmpty() ? this : only(row -> !left.contains(run(row)));
  }

  /** The runs that have a row: cell and seed of each. */
  public Set<String> runs() {
    return Arrays.stream(indices).mapToObj(this::run).collect(Collectors.toSet());
  }

  private String run(int row) {
    return (has("cell") ? text(column("cell"), row) : "") + " " + seed(row);
  }

  private Rows only(IntPredicate wanted) {
    return new Rows(table, Arrays.stream(indices).filter(wanted).toArray());
  }

  /** NaN where there is none. */
  public double[] numbers(String column) {
    NumberColumn<?, ?> numbers = number(column);
    return Arrays.stream(indices).mapToDouble(numbers::getDouble).toArray();
  }

  private NumberColumn<?, ?> number(String name) {
    if (column(name) instanceof NumberColumn<?, ?> numbers) {
      return numbers;
    }
    throw new UserError("%s: column '%s' does not hold numbers".formatted(table.name(), name));
  }

  /** The number of seeds. */
  public int seeds() {
    return (int) Arrays.stream(indices).mapToLong(this::seed).distinct().count();
  }

  /** What to say of several rows where one is meant: the columns that tell them apart. */
  public UserError mixed() {
    String told =
        table.columnNames().stream()
            .filter(column -> column.contains(".") || SETTINGS.contains(column))
            .filter(column -> new TreeSet<>(texts(column)).size() > 1)
            .map(column -> column + " " + new TreeSet<>(texts(column)))
            .collect(Collectors.joining(" and "));
    String cells = has("cell") ? " " + new TreeSet<>(texts("cell")) : "";
    return new UserError(
        table.name()
            + ": rows of different configurations cannot be told apart"
            + (told.isEmpty()
                ? ":" + cells
                : "; they differ in %s: name that as series or panel, or a value of it under where"
                    .formatted(told)));
  }

  public boolean hasNumbers(String column) {
    return column(column) instanceof NumberColumn;
  }

  public List<String> texts(String column) {
    Column<?> texts = column(column);
    return Arrays.stream(indices).mapToObj(row -> text(texts, row)).toList();
  }

  private static String text(Column<?> column, int row) {
    Object value = column.get(row);
    return value == null ? "" : plain(value);
  }

  private Column<?> column(String name) {
    if (!table.containsColumn(name)) {
      throw new UserError(
          "%s has no column '%s'%s"
              .formatted(table.name(), name, Spelling.hint(name, table.columnNames())));
    }
    return table.column(name);
  }

  /** Whole numbers without a fraction, however they were read. */
  public static String plain(Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return String.valueOf(number.longValue());
    }
    return String.valueOf(value);
  }
}
