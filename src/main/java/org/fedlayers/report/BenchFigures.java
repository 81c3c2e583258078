package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/** The figures of {@code results/bench}, one panel for each kind of machine. */
public final class BenchFigures {
  /** Named as the files are. */
  private static final List<FigureSpec> FIGURES =
      List.of(
          spec(
              "heat",
              "profile",
              "Where a training step's time goes, one thread",
              Map.of("y", "kind", "value", "share")),
          spec(
              "bars",
              "throughput",
              "Training speed, one thread a worker, as a multiple of PyTorch's",
              Map.of("y", "ratio", "series", List.of("path", "workers"))));

  private static FigureSpec spec(
      String kind, String name, String title, Map<String, Object> shown) {
    Map<String, Object> entry = new HashMap<>(shown);
    entry.putAll(Map.of("kind", kind, "name", name, "title", title, "x", "net"));
    entry.put("panel", List.of("cpu", "isa"));
    return FigureSpec.of(entry);
  }

  private BenchFigures() {}

  /**
   * Draws the figures of the files that are there, as SVG and PNG beside them.
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
        written.addAll(page.write(directory, figure.name() + style.suffix));
      }
    }
    return written;
  }
}
