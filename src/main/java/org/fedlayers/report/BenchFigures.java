package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/** The figures of {@code results/bench}, one panel for each kind of machine. */
public final class BenchFigures {
  private static final List<String> PANEL = List.of("cpu", "isa");

  /** Each has the name of its file. */
  private static final List<FigureSpec> FIGURES =
      List.of(
          FigureSpec.of(
              Map.of(
                  "kind", "heat",
                  "name", "profile",
                  "title", "Where a training step's time goes, one thread",
                  "x", "net",
                  "y", "kind",
                  "value", "share",
                  "panel", PANEL)),
          FigureSpec.of(
              Map.of(
                  "kind", "bars",
                  "name", "throughput",
                  "title", "Training speed, one thread a worker, as a multiple of PyTorch's",
                  "x", "net",
                  "y", "ratio",
                  "series", List.of("path", "workers"),
                  "panel", PANEL)));

  private BenchFigures() {}

  /**
   * Draws the figures of the files that are there, beside them.
   *
   * @return the files
   * @throws org.fedlayers.options.UserError if a file is damaged
   */
  public static List<Path> draw(Path directory, Style style) {
    List<Path> written = new ArrayList<>();
    for (FigureSpec figure : FIGURES) {
      Path file = directory.resolve(figure.name() + ".csv");
      if (Files.isRegularFile(file)) {
        Table table = ResultsFiles.load(file);
        if (table.column(figure.measure()).countMissing() == table.rowCount()) {
          continue; // nobody has measured it: the ratio, where there is no PyTorch
        }
        String clocks = String.join(" and ", new TreeSet<>(Rows.of(table).texts("clock")));
        table.setName("by the " + clocks + " clock");
        Page page = Figures.page(table, figure, style);
        written.addAll(page.write(directory, figure.name(), style));
      }
    }
    return written;
  }
}
