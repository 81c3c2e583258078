package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/** The figures of {@code results/bench}, one panel for each kind of machine. */
public final class BenchFigures {
  /** By the name of the file: where a step's time goes, and training speed beside PyTorch's. */
  private static final Map<String, FigureSpec> FIGURES =
      new TreeMap<>(
          Map.of(
              "throughput",
              FigureSpec.of(
                  Map.of(
                      "kind", "bars",
                      "title", "Training speed, one thread a worker, as a multiple of PyTorch's",
                      "x", "net",
                      "y", "ratio",
                      "series", List.of("path", "workers"),
                      "panel", List.of("cpu", "isa"))),
              "profile",
              FigureSpec.of(
                  Map.of(
                      "kind", "heat",
                      "title", "Where a training step's time goes, one thread",
                      "x", "net",
                      "y", "kind",
                      "value", "share",
                      "panel", List.of("cpu", "isa")))));

  private BenchFigures() {}

  /**
   * Draws the figures of the files that are there, as SVG and PNG beside them.
   *
   * @return the files
   * @throws org.fedlayers.options.UserError if a file is damaged
   */
  public static List<Path> draw(Path directory, Style style) {
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, FigureSpec> figure : FIGURES.entrySet()) {
      Path file = directory.resolve(figure.getKey() + ".csv");
      if (Files.isRegularFile(file)) {
        Table table = ResultsFiles.load(file);
        if (table.column(figure.getValue().measure()).countMissing() == table.rowCount()) {
          continue; // nobody has measured it: the ratio, where there is no PyTorch
        }
        String clocks = String.join(" and ", new TreeSet<>(Rows.of(table).texts("clock")));
        table.setName("by the " + clocks + " clock");
        Page page = Figures.page(table, figure.getValue(), style);
        written.addAll(page.write(directory, figure.getKey() + style.suffix));
      }
    }
    return written;
  }
}
