package org.fedlayers.results;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.AddCellToColumnException;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Results files as tables, each read once. */
public final class ResultsFiles {
  private static final String ANEW =
      " Take the file from version control, or delete it and run the experiment again";

  private final Map<Path, Table> read = new HashMap<>();

  /** The table that {@link #load} gives; it is kept for the next call. */
  public Table table(Path file) {
    return read.computeIfAbsent(file, ResultsFiles::load);
  }

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
    Table table;
    try {
      CsvReadOptions options =
          CsvReadOptions.builder(file.toFile())
              .tableName(file.getFileName().toString())
              .columnTypesToDetect(List.of(ColumnType.DOUBLE, ColumnType.STRING))
              .columnTypesPartial(Schema::type)
              .missingValueIndicator("", "NaN")
              .ignoreZeroDecimal(false)
              .sample(false)
              .build();
      table = Table.read().usingOptions(options);
    } catch (RuntimeException damaged) {
      throw damaged instanceof AddCellToColumnException cell
              && !(cell.getCause() instanceof IndexOutOfBoundsException)
          ? damaged(file, cell)
          : unreadable(file, damaged);
    }
    if (table.columnCount() == 0) {
      throw new UserError(file + ": the file is empty, expected a header and rows");
    }
    return table;
  }

  /** Tablesaw counts rows after the header, which is line 1. */
  private static UserError damaged(Path file, AddCellToColumnException damaged) {
    return new UserError(
        "%s:%s: column '%s' cannot be read (%s), expected a number.%s"
            .formatted(
                file,
                damaged.getRowNumber() + 1,
                damaged.getColumnName(),
                damaged.getCause().getMessage(),
                ANEW));
  }

  /** Looks for what is wrong with a file's shape. */
  private static UserError unreadable(Path file, RuntimeException damaged) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setMaxCharsPerColumn(-1); // Behind a quote too many, all that follows is one value.
    List<String[]> rows = new CsvParser(settings).parseAll(file.toFile());
    int columns = rows.isEmpty() ? 0 : rows.get(0).length;
    for (int row = 1; row < rows.size(); row++) {
      if (rows.get(row).length != columns) {
        return new UserError(
            "%s:%s: the row has %s columns, the header has %s columns; was the file cut short?%s"
                .formatted(file, row + 1, rows.get(row).length, columns, ANEW));
      }
    }
    return new UserError(
        file + ": not a CSV table that can be read: " + damaged.getMessage() + "." + ANEW, damaged);
  }
}
