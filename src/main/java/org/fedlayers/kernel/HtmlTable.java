package org.fedlayers.kernel;

import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A Tablesaw table as HTML: numbers to the right, text to the left, a scroll bar of its own where
 * it is wider than the page. Styles are inline because Jupyter drops style sheets it does not
 * trust.
 */
final class HtmlTable {
  /** Longer tables show their first and last rows. */
  private static final int SHOWN_ROWS = 60;

  private HtmlTable() {}

  static String of(Table table) {
    StringBuilder html = new StringBuilder();
    html.append("<div style=\"overflow-x:auto;max-width:100%\">");
    html.append("<table style=\"border-collapse:collapse;font-variant-numeric:tabular-nums\">");
    if (table.name() != null && !table.name().isBlank()) {
      html.append("<caption style=\"caption-side:top;text-align:left;font-weight:bold\">")
          .append(escape(table.name()))
          .append("</caption>");
    }
    html.append("<thead><tr>");
    table.columns().forEach(c -> cell(html, "th", c, c.name()));
    html.append("</tr></thead><tbody>");
    rows(table)
        .forEach(
            row -> {
              html.append("<tr>");
              table.columns().forEach(c -> cell(html, "td", c, row < 0 ? "…" : text(c, row)));
              html.append("</tr>");
            });
    html.append("</tbody></table>");
    if (table.rowCount() > SHOWN_ROWS) {
      html.append(String.format(Locale.ROOT, "<div>%,d rows</div>", table.rowCount()));
    }
    return html.append("</div>").toString();
  }

  /** The rows to show; -1 stands for those left out. */
  private static IntStream rows(Table table) {
    int rows = table.rowCount();
    if (rows <= SHOWN_ROWS) {
      return IntStream.range(0, rows);
    }
    IntStream head = IntStream.range(0, SHOWN_ROWS / 2);
    IntStream tail = IntStream.range(rows - SHOWN_ROWS / 2, rows);
    return IntStream.concat(IntStream.concat(head, IntStream.of(-1)), tail);
  }

  private static void cell(StringBuilder html, String tag, Column<?> column, String text) {
    html.append('<')
        .append(tag)
        .append(" style=\"padding:2px 10px;white-space:nowrap;text-align:")
        .append(column instanceof NumericColumn ? "right" : "left")
        .append("\">")
        .append(escape(text))
        .append("</")
        .append(tag)
        .append('>');
  }

  /** The column's own format where its author set one; otherwise at most six significant digits. */
  private static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    String text = column.getString(row);
    Object value = column.get(row);
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      boolean plain = text.equals(DoubleColumn.create("", number).getString(0));
      return plain ? shortest(number) : text;
    }
    return text;
  }

  private static String shortest(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    double size = Math.abs(value);
    if (size < 1e-4 || size >= 1e9) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = Math.max(0, 5 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value)
        .replaceAll("(\\.\\d+?)0+$", "$1");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
