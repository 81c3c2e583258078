package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.ResultsHome;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/**
 * The results of a built-in experiment as a page shows them: the table and the figures, or, if it
 * has not been run yet, that sentence and the command.
 *
 * <pre>{@code
 * Exhibit exhibit = Exhibit.of("man/zeta");
 * display(exhibit.html(), "text/html");
 * exhibit.pictures().forEach(picture -> display(picture));
 * }</pre>
 */
public final class Exhibit {
  private final Experiment experiment;
  private final Path folder;
  private final ResultsFiles files = new ResultsFiles();

  private Exhibit(Experiment experiment, Path results) {
    this.experiment = experiment;
    folder = experiment.in(results);
  }

  /**
   * @param path such as {@code man/zeta}
   * @throws org.fedlayers.options.UserError if there is no such experiment
   */
  public static Exhibit of(String path) {
    return of(ResultsHome.of(""), path);
  }

  /**
   * At the scale of which more runs came to their end, so that a first cell of the published
   * protocol hides nothing; of equally many at the first, and of none at the last.
   */
  static Exhibit of(Path results, String path) {
    List<Exhibit> scales =
        ClaimsTable.SCALES.stream()
            .map(scale -> new Exhibit(ExperimentReader.builtIn(path, scale), results))
            .toList();
    return scales.stream()
        .filter(Exhibit::isThere)
        .max(Comparator.comparingDouble(Exhibit::finished))
        .orElse(scales.get(scales.size() - 1));
  }

  /** Whether the experiment has been run. */
  public boolean isThere() {
    return Files.isRegularFile(folder.resolve("summary.csv"));
  }

  private double finished() {
    Table summary = files.table(folder.resolve("summary.csv"));
    return Arrays.stream(Rows.of(summary).numbers("n")).sum();
  }

  /** The table of the accuracies, or the sentence that the experiment has not been run. */
  public String html() {
    if (!isThere()) {
      return missing();
    }
    List<FigureSpec> tables = experiment.figures().stream().filter(FigureSpec::isTable).toList();
    StringBuilder html = new StringBuilder();
    for (FigureSpec table : tables.isEmpty() ? List.of(overview()) : tables) {
      html.append(Figures.table(folder, table, files).html());
    }
    TreeSet<String> unmeasured = new TreeSet<>();
    pages(List.of(), unmeasured);
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
        ? pages(List.of(chosen), new TreeSet<>()).stream().map(Page::image).toList()
        : List.of();
  }

  /** Draws the figures; what a figure shows that was not measured is added to the list. */
  private List<Page> pages(List<String> chosen, Collection<String> unmeasured) {
    List<Page> pages = new ArrayList<>();
    for (FigureSpec figure : experiment.figures()) {
      boolean wanted =
          chosen.isEmpty()
              || chosen.contains(figure.name())
              || figure.claims().stream().anyMatch(chosen::contains);
      if (wanted && !figure.isTable()) {
        try {
          pages.add(Figures.page(folder, figure, Style.WEB, files));
        } catch (NotMeasuredException nothing) {
          unmeasured.add(nothing.getMessage());
        }
      }
    }
    return pages;
  }

  /** Every cell of the grid, for an experiment that asks for no table. */
  private FigureSpec overview() {
    Table summary = files.table(folder.resolve("summary.csv"));
    List<String> varying = new ArrayList<>(List.of("arm", "model"));
    varying.removeIf(column -> summary.column(column).countUnique() < 2);
    return FigureSpec.of(
        Map.of(
            "kind",
            "table",
            "title",
            experiment.title(),
            "rows",
            experiment.axes(),
            "columns",
            varying,
            "y",
            "last10"));
  }

  private String missing() {
    long minutes = Math.max(1, Math.round(NominalHours.of(experiment.cells(), 2) * 60));
    String duration =
        minutes >= 90
            ? Math.round(minutes / 60.0) + " hours"
            : minutes == 1 ? "a minute" : minutes + " minutes";
    return """
        <p><b>%s is not run yet</b> (%s). This command trains its %s cells, roughly %s on two \
        cores, and says how long before it starts:</p>
        <pre>environment/fedlayers run %s --scale %s</pre>
        """
        .formatted(
            experiment.path(),
            TextTable.escaped(experiment.title()),
            experiment.cells().size(),
            duration,
            experiment.path(),
            experiment.scale());
  }
}
