package org.fedlayers.report;

import java.util.stream.IntStream;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Tablesaw tables as text. */
public final class Tables {
  private Tables() {}

  /** Any table as HTML, for a notebook's cell: numbers to four significant digits. */
  public static String html(Table table) {
    return new TextTable(
            "",
            table.columnNames(),
            IntStream.range(0, table.rowCount())
                .mapToObj(row -> table.columns().stream().map(one -> cell(one, row)).toList())
                .toList())
        .html();
  }

  private static String cell(Column<?> column, int row) {
    Object value = column.get(row);
    if (column.isMissing(row)) {
      return "";
    }
    return value instanceof Double number && number != Math.rint(number)
        ? Scale.digits(number, 4).toPlainString()
        : Rows.plain(value);
  }
}
