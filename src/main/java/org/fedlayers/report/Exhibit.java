package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.experiment.ResultsHome;
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

  private Exhibit(Experiment experiment, Path folder) {
    this.experiment = experiment;
    this.folder = folder;
  }

  /**
   * @param path such as {@code man/zeta}
   * @throws org.fedlayers.data.UserError if there is no such experiment
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
    return has("summary.csv");
  }

  private boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  /** The table of its accuracies, or the sentence that it has not been run. */
  public String html() {
    return isThere() ? found() : missing();
  }

  private String found() {
    Table summary = Tables.load(folder.resolve("summary.csv"));
    Map<String, Object> table = new TreeMap<>();
    table.put("kind", "table");
    table.put("title", experiment.title());
    table.put("rows", experiment.axes());
    table.put("columns", List.of("arm", "model").stream().filter(c -> varies(summary, c)).toList());
    table.put("y", "last10");
    String html = Figures.table(folder, FigureSpec.of(table)).html();
    TreeSet<String> unmeasured = new TreeSet<>();
    experiment.figures().stream().map(Exhibit::from).filter(f -> !has(f)).forEach(unmeasured::add);
    return unmeasured.isEmpty()
        ? html
        : html + "<p>These runs did not measure %s.</p>\n".formatted(String.join(", ", unmeasured));
  }

  private static boolean varies(Table table, String column) {
    return table.stringColumn(column).unique().size() > 1;
  }

  private String missing() {
    return """
        <p><b>%s is not run yet</b> (%s). This command trains its %d cells, roughly %s on two \
        cores, and says how long before it starts:</p>
        <pre>environment/fedlayers run %s --scale %s</pre>
        """
        .formatted(
            experiment.path(),
            Pictures.escaped(experiment.title()),
            experiment.cells().size(),
            duration(NominalHours.of(experiment, 2)),
            experiment.path(),
            experiment.scale());
  }

  private static String duration(double hours) {
    long minutes = Math.max(1, Math.round(hours * 60));
    if (minutes >= 90) {
      return Math.round(hours) + " hours";
    }
    return minutes == 1 ? "a minute" : minutes + " minutes";
  }

  /** Its own figures, but for those whose measurements were not taken; none if it is not run. */
  public List<BufferedImage> pictures() {
    List<BufferedImage> pictures = new ArrayList<>();
    for (Map<String, Object> figure : experiment.figures()) {
      if (!"table".equals(figure.get("kind"))) {
        pictures.addAll(pictures(figure));
      }
    }
    return pictures;
  }

  /** Another figure of it; none if it is not run, or what the figure shows was not measured. */
  public List<BufferedImage> pictures(Map<String, Object> figure) {
    return isThere() && has(from(figure)) ? List.of(Figures.picture(folder, figure)) : List.of();
  }

  private static String from(Map<String, Object> figure) {
    return String.valueOf(figure.getOrDefault("from", "summary.csv"));
  }
}
