package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fedlayers.claims.Ledger;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.experiment.ResultsHome;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import tech.tablesaw.api.Table;

/**
 * What a page shows of a built-in experiment: the table and the figures of its checked-in results,
 * or, where nobody has run it yet, that sentence and the command.
 *
 * <pre>{@code
 * Exhibit exhibit = Exhibit.of("man/zeta");
 * display(exhibit.html(), "text/html");
 * exhibit.pictures().forEach(picture -> display(picture));
 * }</pre>
 */
public final class Exhibit {
  private final Experiment experiment;
  private final List<FigureSpec> figures;
  private final Path folder;
  private final ResultsFiles files = new ResultsFiles();

  private Exhibit(Experiment experiment, Path results) {
    this.experiment = experiment;
    figures = FigureSpec.check(experiment.figures());
    folder = experiment.in(results);
  }

  /**
   * @param path such as {@code man/zeta}
   * @throws org.fedlayers.options.UserError if there is no such experiment
   */
  public static Exhibit of(String path) {
    return of(ResultsHome.of(""), path);
  }

  static Exhibit of(Path results, String path) {
    Exhibit last = null;
    for (String scale : Ledger.SCALES) {
      last = new Exhibit(ExperimentReader.builtIn(path, scale), results);
      if (last.isThere()) {
        break;
      }
    }
    return last;
  }

  /** Whether it has been run. */
  public boolean isThere() {
    return Files.isRegularFile(folder.resolve("summary.csv"));
  }

  /** The table of its accuracies, or the sentence that it has not been run. */
  public String html() {
    if (!isThere()) {
      return missing();
    }
    StringBuilder html = new StringBuilder();
    List<FigureSpec> tables = figures.stream().filter(FigureSpec::isTable).toList();
    for (FigureSpec table : tables.isEmpty() ? List.of(overview()) : tables) {
      html.append(Figures.table(folder, table, files).html());
    }
    TreeSet<String> unmeasured = new TreeSet<>();
    pages(List.of(), unmeasured).forEach(page -> {});
    if (!unmeasured.isEmpty()) {
      html.append(
          "<p>These runs did not measure %s.</p>\n".formatted(String.join(", ", unmeasured)));
    }
    return html.toString();
  }

  /**
   * Its figures, but for those whose measurements were not taken; none if it is not run.
   *
   * @param chosen names of figures, and claims that they bear on; all if none is named
   */
  public List<BufferedImage> pictures(String... chosen) {
    return isThere()
        ? pages(List.of(chosen), new TreeSet<>()).map(Page::image).toList()
        : List.of();
  }

  /** Of a figure that has nothing to show there is no page, but a word more on the list. */
  private Stream<Page> pages(List<String> chosen, Collection<String> unmeasured) {
    return figures.stream()
        .filter(figure -> !figure.isTable())
        .filter(
            figure ->
                chosen.isEmpty()
                    || chosen.contains(figure.name())
                    || figure.claims().stream().anyMatch(chosen::contains))
        .flatMap(
            figure -> {
              try {
                return Stream.of(Figures.page(folder, figure, Style.WEB, files));
              } catch (NotMeasuredException nothing) {
                unmeasured.add(nothing.getMessage());
                return Stream.empty();
              }
            });
  }

  /** Every cell of the grid, for an experiment that asks for no table. */
  private FigureSpec overview() {
    Table summary = files.table(folder.resolve("summary.csv"));
    return FigureSpec.of(
        Map.of(
            "kind", "table",
            "title", experiment.title(),
            "rows", experiment.axes(),
            "columns", Stream.of("arm", "model").filter(column -> varies(summary, column)).toList(),
            "y", "last10"));
  }

  private static boolean varies(Table table, String column) {
    return table.stringColumn(column).unique().size() > 1;
  }

  private String missing() {
    return """
        <p><b>%s is not run yet</b> (%s). This command trains its %s cells, roughly %s on two \
        cores, and says how long before it starts:</p>
        <pre>environment/fedlayers run %s --scale %s</pre>
        """
        .formatted(
            experiment.path(),
            TextTable.escaped(experiment.title()),
            experiment.cells().size(),
            duration(NominalHours.of(experiment, 2)),
            experiment.path(),
            experiment.scale());
  }

  private static String duration(double hours) {
    long minutes = Math.max(1, Math.round(hours * 60));
    return minutes >= 90
        ? Math.round(minutes / 60.0) + " hours"
        : minutes == 1 ? "a minute" : minutes + " minutes";
  }
}
