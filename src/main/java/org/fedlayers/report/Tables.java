package org.fedlayers.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Tablesaw tables as text. */
public final class Tables {
  private Tables() {}

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
}
