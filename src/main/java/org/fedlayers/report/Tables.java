package org.fedlayers.report;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedlayers.data.UserError;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.AddCellToColumnException;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Result files as Tablesaw tables, and Tablesaw tables as text. */
public final class Tables {
  private static final Set<String> WORDS =
      Set.of(
          "cell",
          "arm",
          "model",
          "measure",
          "status",
          "name",
          "claim",
          "paper",
          "scale",
          "statement",
          "verdict",
          "evidence",
          "layer",
          "part",
          "sample");
  private static final Set<String> COUNTS =
      Set.of("seed", "round", "steps", "samples", "cohort", "client", "n", "seeds", "index");
  private static final Set<String> MEASURES =
      Set.of(
          "accuracy",
          "loss",
          "train_loss",
          "last",
          "last10",
          "best",
          "mean",
          "low",
          "high",
          "absolute",
          "relative",
          "update",
          "cosine",
          "per_weight",
          "cka",
          "norm",
          "penalty",
          "value",
          "error",
          "effect");

  private Tables() {}

  /**
   * Loads a results file. Columns that every results file has in common have fixed types (counts
   * are whole, measures are doubles, ids stay text); a grid's own columns are numbers if all of
   * their cells are.
   *
   * @throws UserError if it is missing or damaged: which file, line and column
   */
  public static Table load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + ": there is no such results file; has the experiment been run?");
    }
    try {
      CsvReadOptions options =
          CsvReadOptions.builder(file.toFile())
              .tableName(file.getFileName().toString())
              .columnTypesToDetect(List.of(ColumnType.DOUBLE, ColumnType.STRING))
              .columnTypesPartial(Tables::type)
              .missingValueIndicator("", "NaN")
              .ignoreZeroDecimal(false)
              .sample(false)
              .build();
      Table table = Table.read().usingOptions(options);
      if (table.columnCount() == 0) {
        throw new UserError(file + ": the file is empty, expected a header and rows");
      }
      return table;
    } catch (AddCellToColumnException damaged) {
      throw damaged(file, damaged);
    } catch (UserError refusal) {
      throw refusal;
    } catch (RuntimeException damaged) {
      throw unreadable(file, damaged);
    }
  }

  /** Any table as HTML, for a notebook's cell. */
  public static String html(Table table) {
    return text(table).html();
  }

  /** Any table as Markdown. */
  public static String markdown(Table table) {
    return text(table).markdown();
  }

  /** Any table as text: whole numbers whole, others to four significant digits. */
  public static TextTable text(Table table) {
    List<List<String>> rows = new ArrayList<>();
    for (int row = 0; row < table.rowCount(); row++) {
      List<String> cells = new ArrayList<>();
      for (Column<?> column : table.columns()) {
        cells.add(cell(column, row));
      }
      rows.add(cells);
    }
    return new TextTable("", table.columnNames(), rows);
  }

  private static String cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    Object value = column.get(row);
    if (!(value instanceof Double number) || number == Math.rint(number)) {
      return Rows.plain(value);
    }
    return BigDecimal.valueOf(number)
        .round(new MathContext(4))
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * @throws UserError if the table has no such column: which it has
   */
  static void require(Table table, String column) {
    if (!table.containsColumn(column)) {
      throw new UserError(
          "%s has no column '%s'; it has: %s"
              .formatted(table.name(), column, String.join(", ", table.columnNames())));
    }
  }

  private static Optional<ColumnType> type(String column) {
    if (WORDS.contains(column)) {
      return Optional.of(ColumnType.STRING);
    }
    if (COUNTS.contains(column)) {
      return Optional.of(ColumnType.LONG);
    }
    String measure = column.replaceFirst("_(low|high)$", ""); // blank where there is one seed
    return MEASURES.contains(measure) ? Optional.of(ColumnType.DOUBLE) : Optional.empty();
  }

  /** Tablesaw counts rows after the header, which is line 1. */
  private static UserError damaged(Path file, AddCellToColumnException damaged) {
    if (damaged.getCause() instanceof IndexOutOfBoundsException) {
      return unreadable(file, damaged);
    }
    return new UserError(
        "%s:%s: column '%s' cannot be read (%s), expected a number"
            .formatted(
                file,
                damaged.getRowNumber() + 1,
                damaged.getColumnName(),
                damaged.getCause().getMessage()));
  }

  /** Looks for what is wrong with a file's shape. */
  private static UserError unreadable(Path file, RuntimeException damaged) {
    List<String[]> rows = new CsvParser(new CsvParserSettings()).parseAll(file.toFile());
    int columns = rows.get(0).length;
    for (int row = 1; row < rows.size(); row++) {
      if (rows.get(row).length != columns) {
        return new UserError(
            "%s:%d: the row has %d columns, the header has %d columns; was the file cut short?"
                .formatted(file, row + 1, rows.get(row).length, columns));
      }
    }
    return new UserError(
        file + ": not a CSV table that can be read: " + damaged.getMessage(), damaged);
  }
}
