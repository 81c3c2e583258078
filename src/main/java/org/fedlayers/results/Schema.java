package org.fedlayers.results;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The columns of a table, before those of an experiment's grid: how they are written, and as what
 * they are read. Columns are added at the end only, so that files of older versions can be read.
 *
 * @param name of the table and its file
 */
public record Schema(String name, List<String> columns, List<Kind> kinds) {

  /** What a column holds; an unknown value is null, and an empty field in a file. */
  private enum Kind {
    WORD("", "%s", ColumnType.STRING),
    COUNT("#", "%d", ColumnType.LONG),
    /** Six decimals. */
    FIXED(".", "%.6f", ColumnType.DOUBLE),
    /** Seven digits at any size. */
    SIGNIFICANT("~", "%.6e", ColumnType.DOUBLE);

    private final String mark;
    private final String format;
    private final ColumnType type;

    Kind(String mark, String format, ColumnType type) {
      this.mark = mark;
      this.format = format;
      this.type = type;
    }

    static Kind of(String column) {
      return Arrays.stream(values())
          .filter(kind -> !kind.mark.isEmpty() && column.endsWith(kind.mark))
          .findFirst()
          .orElse(WORD);
    }

    /** A value as its column holds it: rounded as files have it. */
    Object typed(Object value) {
      if (value == null || value.equals("") || value.equals(Double.NaN)) {
        return null;
      }
      return switch (this) {
        case WORD -> value.toString();
        case COUNT -> ((Number) value).longValue();
        default -> Double.valueOf(text(((Number) value).doubleValue()));
      };
    }

    /** As files spell it. */
    String text(Object typed) {
      return typed == null ? "" : String.format(Locale.ROOT, format, typed);
    }
  }

  /** The columns that tell rows from each other. */
  private static final Set<String> KEYS = Set.of("cell", "group", "seed", "round");

  private static final String RUN = "cell arm seed# round# ";

  public static final Schema ROUNDS =
      of(
          "rounds",
          RUN + "steps# samples# model accuracy. loss. train_loss. cohort# status penalty.");
  public static final Schema LAYERS =
      of(
          "layers",
          RUN + "part index# layer absolute~ relative~ update~ cosine~ per_weight~ cka~ sample");
  public static final Schema ACTIVATIONS =
      of("activations", RUN + "model sample index# layer norm~");
  public static final Schema GRADIENTS =
      of("gradients", RUN + "model index# layer variance~ relative~ per_weight~");
  public static final Schema CURVATURE =
      of("curvature", RUN + "model sample measure index# layer value~ error~ products# loss~");
  public static final Schema LANDSCAPE =
      of("landscape", RUN + "model sample x. y. loss~ accuracy.");
  public static final Schema STATISTICS =
      of("statistics", RUN + "model sample normalised_by accuracy. loss.");
  public static final Schema PARTITION = of("partition", "cell seed# client# class# samples#");
  public static final Schema SUMMARY =
      of(
          "summary",
          "group arm model n# diverged# last. last_low. last_high. last10. last10_low. last10_high."
              + " best. best_low. best_high. train_loss. steps# samples# weights# depth#"
              + " receptive_field#");

  /** The tables that runs produce. */
  public static final List<Schema> OF_CELLS =
      List.of(ROUNDS, LAYERS, ACTIVATIONS, GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS, PARTITION);

  /** These and the summary: all that figures are drawn from. */
  public static final List<Schema> OF_FIGURES =
      Stream.concat(OF_CELLS.stream(), Stream.of(SUMMARY)).toList();

  /** The table of this name among {@link #OF_CELLS}. */
  public static Schema named(String name) {
    return OF_CELLS.stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
  }

  private static Schema of(String name, String columns) {
    List<String> marked = List.of(columns.split(" "));
    return new Schema(
        name,
        marked.stream().map(column -> column.replaceAll("[#.~]$", "")).toList(),
        marked.stream().map(Kind::of).toList());
  }

  /** The type that a column has in every file; a grid's own columns have none. */
  static Optional<ColumnType> type(String column) {
    return OF_FIGURES.stream()
        .filter(schema -> schema.columns.contains(column))
        .map(schema -> schema.kinds.get(schema.columns.indexOf(column)).type)
        .findFirst();
  }

  /**
   * A row without the columns of the grid.
   *
   * @param values one a column, of any type of number
   * @return typed and rounded as files have it, so that a row that was read equals the one written
   */
  public List<Object> row(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(Arrays.toString(values) + " are not " + columns);
    }
    return IntStream.range(0, values.length).mapToObj(i -> kinds.get(i).typed(values[i])).toList();
  }

  /** Fields of a row, one a column, as files have them. */
  public List<String> texts(List<Object> row) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> kinds.get(i).text(row.get(i)))
        .collect(Collectors.toList());
  }

  /** Rows to select from and to compute with. */
  public Rows table(List<List<Object>> rows) {
    Table table = Table.create(name);
    for (int i = 0; i < columns.size(); i++) {
      Column<?> column = kinds.get(i).type.create(columns.get(i));
      for (List<Object> row : rows) {
        column.appendObj(row.get(i));
      }
      table.addColumns(column);
    }
    return Rows.of(table);
  }

  /**
   * The rows of a file, without the columns of its grid.
   *
   * @throws UserError if it is damaged, or lacks other columns than the last, which files of older
   *     versions do not have
   */
  public List<List<Object>> read(Path file) {
    Table table = ResultsFiles.load(file);
    int known = (int) columns.stream().takeWhile(table::containsColumn).count();
    List<String> rest = columns.subList(known, columns.size());
    if (known == 0 || rest.stream().anyMatch(table::containsColumn)) {
      throw new UserError(
          "%s: no column '%s', expected %s".formatted(file, columns.get(known), columns));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < table.rowCount(); row++) {
      Object[] values = new Object[columns.size()];
      for (int i = 0; i < known; i++) {
        values[i] = table.column(columns.get(i)).get(row);
        if (values[i] == null && KEYS.contains(columns.get(i))) {
          throw new UserError("%s:%s: no %s".formatted(file, row + 2, columns.get(i)));
        }
      }
      rows.add(row(values));
    }
    return rows;
  }
}
