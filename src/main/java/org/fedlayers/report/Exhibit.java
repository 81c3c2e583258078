package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fedlayers.experiment.Catalogue;
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
  /** Of the scales those that are evidence, the better one first. */
  private static final List<String> SCALES = List.of("paper", "laptop");

  private final Experiment experiment;
  private final Path folder;
  private final ResultsFiles files = new ResultsFiles();

  private Exhibit(Experiment experiment, Path folder) {
    this.experiment = experiment;
    this.folder = folder;
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
    for (String scale : SCALES) {
      Experiment experiment =
          ExperimentReader.read(Catalogue.find(path).get(0), scale, List.of(), List.of());
      last = new Exhibit(experiment, results.resolve(scale).resolve(path));
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
    return isThere() ? found() : missing();
  }

  private String found() {
    StringBuilder html = new StringBuilder();
    List<Map<String, Object>> tables = figures(true);
    for (Map<String, Object> table : tables.isEmpty() ? List.of(overview()) : tables) {
      html.append(Figures.table(folder, FigureSpec.of(table)).html());
    }
    TreeSet<String> unmeasured = new TreeSet<>();
    figures(false).forEach(figure -> picture(figure, unmeasured));
    if (!unmeasured.isEmpty()) {
      html.append(
          "<p>These runs did not measure %s.</p>\n".formatted(String.join(", ", unmeasured)));
    }
    return html.toString();
  }

  /** One of its figures; none, and a word more on the list, if it has nothing to show. */
  private Stream<Page> picture(Map<String, Object> figure, Collection<String> unmeasured) {
    try {
      return Stream.of(Figures.page(folder, FigureSpec.of(figure), Style.WEB, files));
    } catch (NotMeasuredException nothing) {
      unmeasured.add(nothing.getMessage());
      return Stream.empty();
    }
  }

  /** The experiment's own tables, or its own pictures. */
  private List<Map<String, Object>> figures(boolean tables) {
    return experiment.figures().stream()
        .filter(figure -> "table".equals(figure.get("kind")) == tables)
        .toList();
  }

  /** Every cell of the grid, for an experiment that asks for no table. */
  private Map<String, Object> overview() {
    Table summary = files.table(folder.resolve("summary.csv"));
    return Map.of(
        "kind", "table",
        "title", experiment.title(),
        "rows", experiment.axes(),
        "columns", Stream.of("arm", "model").filter(column -> varies(summary, column)).toList(),
        "y", "last10");
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

  /**
   * Its figures, but for those whose measurements were not taken; none if it is not run.
   *
   * @param claims only figures that bear on one of these; all if none is named
   */
  public List<BufferedImage> pictures(String... claims) {
    List<String> wanted = List.of(claims);
    return figures(false).stream()
        .filter(figure -> isThere() && (wanted.isEmpty() || bearsOn(figure, wanted)))
        .flatMap(figure -> picture(figure, new TreeSet<>()))
        .map(Page::image)
        .toList();
  }

  private static boolean bearsOn(Map<String, Object> figure, List<String> claims) {
    return FigureSpec.of(figure).words("claims").stream().anyMatch(claims::contains);
  }
}
