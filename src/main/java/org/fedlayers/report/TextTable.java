package org.fedlayers.report;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.AtomicFile;

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
    String rule =
        columns(column -> isNumeric(column) ? "---:" : "---").collect(joining(" | ", "| ", " |\n"));
    UnaryOperator<String> escape = text -> text.replace("|", "\\|").replace("\n", " ");
    String table =
        line("| ", header, " | ", " |\n", escape)
            + rule
            + lines(row -> line("| ", row, " | ", " |\n", escape));
    return caption.isEmpty() ? table : caption + "\n\n" + table;
  }

  /** Columns of equal width for a terminal; those that are empty throughout are left out. */
  public String plain() {
    List<String> formats = columns(this::format).toList();
    return Stream.concat(Stream.of(header), rows.stream())
        .map(
            row ->
                columns(column -> formats.get(column).formatted(row.get(column)))
                    .filter(cell -> !cell.isEmpty())
                    .collect(joining("  "))
                    .stripTrailing())
        .filter(line -> !line.isEmpty())
        .collect(joining("\n"));
  }

  private String format(int column) {
    int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    int width = Math.max(widest, header.get(column).length());
    return widest == 0 ? "%.0s" : "%" + (isNumeric(column) ? "" : "-") + width + "s";
  }

  /** A {@code table} environment for a document that uses the package booktabs. */
  public String latex() {
    return "\\begin{table}\n  \\centering\n"
        + (caption.isEmpty() ? "" : "  \\caption{" + latex(caption) + "}\n")
        + columns(column -> isNumeric(column) ? "r" : "l")
            .collect(joining("", "  \\begin{tabular}{", "}\n"))
        + "    \\toprule\n"
        + line("    ", header, " & ", " \\\\\n", TextTable::latex)
        + "    \\midrule\n"
        + lines(row -> line("    ", row, " & ", " \\\\\n", TextTable::latex))
        + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
  }

  public String html() {
    // A caption would be as narrow as its table.
    return (caption.isEmpty() ? "" : "<p>" + escaped(caption) + "</p>\n")
        + "<table>\n"
        + html("th", header)
        + lines(row -> html("td", row))
        + "</table>\n";
  }

  private String html(String tag, List<String> cells) {
    return columns(
            column ->
                "<%s style=\"text-align:%s\">%s</%s>"
                    .formatted(
                        tag, isNumeric(column) ? "right" : "left", escaped(cells.get(column)), tag))
        .collect(joining("", "<tr>", "</tr>\n"));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Writes {@code name.md} and {@code name.tex}. */
  List<Path> write(Path directory, String name) {
    List<Path> files = List.of(directory.resolve(name + ".md"), directory.resolve(name + ".tex"));
    try {
      AtomicFile.write(files.get(0), markdown());
      AtomicFile.write(files.get(1), latex());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + files, e);
    }
    return files;
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(row -> row.get(column).matches(NUMBER));
  }

  private Stream<String> columns(IntFunction<String> text) {
    return IntStream.range(0, header.size()).mapToObj(text);
  }

  private String lines(Function<List<String>, String> line) {
    return rows.stream().map(line).collect(joining());
  }

  private static String line(
      String start, List<String> cells, String between, String end, UnaryOperator<String> escape) {
    return cells.stream().map(escape).collect(joining(between, start, end));
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
