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
  private static final List<String> MACHINE = List.of("cpu", "isa");

  /** By the name of the file: training speed beside PyTorch's, and where a step's time goes. */
  private static final Map<String, FigureSpec> FIGURES =
      Map.of(
          "throughput",
          FigureSpec.of(
              Map.of(
                  "kind", "bars",
                  "title", "Training speed, one thread a worker, as a multiple of PyTorch's",
                  "x", "net",
                  "y", "ratio",
                  "series", List.of("path", "workers"),
                  "panel", MACHINE)),
          "profile",
          FigureSpec.of(
              Map.of(
                  "kind", "heat",
                  "title", "Where a training step's time goes, one thread",
                  "x", "net",
                  "y", "kind",
                  "value", "share",
                  "panel", MACHINE)));

  private BenchFigures() {}

  /**
   * Draws the figures of the files that are there, as SVG and PNG beside them.
   *
   * @return the files
   * @throws org.fedlayers.options.UserError if a file is damaged
   */
  public static List<Path> draw(Path directory, Style style) {
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, FigureSpec> figure : new TreeMap<>(FIGURES).entrySet()) {
      Path file = directory.resolve(figure.getKey() + ".csv");
      if (Files.isRegularFile(file)) {
        Table table = ResultsFiles.load(file);
        String shown = figure.getValue().text("value", figure.getValue().text("y", null));
        if (table.column(shown).countMissing() == table.rowCount()) {
          continue; // nobody has measured it: the ratio, where there is no PyTorch
        }
        String clocks = String.join(" and ", new TreeSet<>(Rows.of(table).texts("clock")));
        table.setName("by the " + clocks + " clock");
        Sheet sheet = Figures.sheet(table, figure.getValue(), style);
        written.addAll(Figures.write(directory, figure.getKey() + style.suffix, sheet));
      }
    }
    return written;
  }
}
