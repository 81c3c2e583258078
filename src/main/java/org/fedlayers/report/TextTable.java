package org.fedlayers.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table ready to be read: one description, written as Markdown, as LaTeX (booktabs) and as HTML.
 *
 * @param caption one line, without a full stop; may be empty
 * @param header one name a column
 * @param rows as many cells each as the header has
 */
public record TextTable(String caption, List<String> header, List<List<String>> rows) {
  private static final String NUMBER =
      "[-+<]?[0-9.]+(e[-+]?[0-9]+)?( ± [0-9.]+)?( \\([0-9]+\\))?|-|";

  public TextTable {
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "a row has %s cells, the header %s".formatted(row.size(), header.size()));
      }
    }
  }

  public String markdown() {
    UnaryOperator<String> escape = text -> text.replace("|", "\\|").replace("\n", " ");
    List<String> lines = new ArrayList<>();
    lines.add(line("| ", header, " | ", " |", escape));
    lines.add(
        IntStream.range(0, header.size())
            .mapToObj(column -> isNumeric(column) ? "---:" : "---")
            .collect(Collectors.joining(" | ", "| ", " |")));
    rows.forEach(row -> lines.add(line("| ", row, " | ", " |", escape)));
    String table = String.join("\n", lines) + "\n";
    return caption.isEmpty() ? table : caption + "\n\n" + table;
  }

  /** Columns of equal width for a terminal; those that are empty throughout are left out. */
  public String plain() {
    int[] widths =
        IntStream.range(0, header.size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return Stream.concat(Stream.of(header), rows.stream())
        .map(row -> plain(row, widths))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private String plain(List<String> row, int[] widths) {
    return IntStream.range(0, widths.length)
        .filter(column -> widths[column] > 0)
        .mapToObj(
            column -> {
              int width = Math.max(widths[column], header.get(column).length());
              String format = "%" + (isNumeric(column) ? "" : "-") + width + "s";
              return format.formatted(row.get(column));
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  /** A {@code table} environment for a document that uses the package booktabs. */
  public String latex() {
    List<String> lines = new ArrayList<>();
    lines.add("\\begin{table}");
    lines.add("  \\centering");
    if (!caption.isEmpty()) {
      lines.add("  \\caption{" + latex(caption) + "}");
    }
    String columns =
        IntStream.range(0, header.size())
            .mapToObj(column -> isNumeric(column) ? "r" : "l")
            .collect(Collectors.joining());
    lines.add("  \\begin{tabular}{" + columns + "}");
    lines.add("    \\toprule");
    lines.add(line("    ", header, " & ", " \\\\", TextTable::latex));
    lines.add("    \\midrule");
    rows.forEach(row -> lines.add(line("    ", row, " & ", " \\\\", TextTable::latex)));
    lines.add("    \\bottomrule");
    lines.add("  \\end{tabular}");
    lines.add("\\end{table}");
    return String.join("\n", lines) + "\n";
  }

  public String html() {
    StringBuilder html = new StringBuilder("<table>\n");
    if (!caption.isEmpty()) {
      html.append("<caption>").append(Pictures.escaped(caption)).append("</caption>\n");
    }
    html.append(row("th", header));
    rows.forEach(row -> html.append(row("td", row)));
    return html.append("</table>\n").toString();
  }

  private String row(String tag, List<String> cells) {
    StringBuilder html = new StringBuilder("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      String align = isNumeric(i) ? "right" : "left";
      html.append(
          "<%s style=\"text-align:%s\">%s</%s>"
              .formatted(tag, align, Pictures.escaped(cells.get(i)), tag));
    }
    return html.append("</tr>\n").toString();
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(row -> row.get(column).matches(NUMBER));
  }

  private static String line(
      String start, List<String> cells, String between, String end, UnaryOperator<String> escape) {
    return cells.stream().map(escape).collect(Collectors.joining(between, start, end));
  }

  private static String latex(String text) {
    return text.replace("\\", "\\textbackslash ")
        .replaceAll("([&%$#_{}])", "\\\\$1")
        .replace("~", "\\textasciitilde ")
        .replace("^", "\\textasciicircum ")
        .replaceAll("[<>]", "\\$$0\\$")
        .replace("±", "$\\pm$");
  }
}
