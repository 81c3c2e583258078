package org.fedlayers;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.options.UserError;
import org.fedlayers.report.Figures;
import org.fedlayers.results.Names;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Several runs side by side, each called by the settings in which they differ. Runs that differ in
 * their seed alone have one name, and pictures show their mean and what it is uncertain by.
 */
public final class Runs {
  private final List<Run> runs;

  private Runs(List<Run> runs) {
    if (runs.isEmpty()) {
      throw new UserError("there are no runs to show side by side");
    }
    this.runs = runs;
  }

  public static Runs of(Run... runs) {
    return new Runs(List.of(runs));
  }

  public static Runs of(List<Run> runs) {
    return new Runs(List.copyOf(runs));
  }

  /** What each is called, in the order given. */
  public List<String> names() {
    TreeSet<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(settings(run).keySet()));
    keys.remove("measure.what"); // It changes nothing of a run.
    keys.removeIf(key -> runs.stream().map(run -> settings(run).get(key)).distinct().count() == 1);
    return runs.stream().map(run -> name(run, keys)).toList();
  }

  private static Map<String, Object> settings(Run run) {
    return run.simulation().settings().chosen();
  }

  private static String name(Run run, TreeSet<String> keys) {
    String own = run.simulation().name();
    if (own != null) {
      return own;
    }
    Configuration settings = run.simulation().settings();
    return keys.stream()
        .sorted(Comparator.comparing(key -> !key.endsWith(".name")))
        .filter(key -> settings(run).containsKey(key) || settings.isFor(key))
        .map(key -> word(key, settings.get(key)))
        .collect(Collectors.joining(", "));
  }

  /** {@code FedDyn} for a name, else the key's last word with the value: {@code MAN 0.15}. */
  private static String word(String key, Object value) {
    return Names.of(key, String.valueOf(value).replaceAll("\\.0$", ""));
  }

  /** All their histories, with columns {@code run} and {@code seed} in front. */
  public Table history() {
    return each(Run::history);
  }

  /**
   * A table of each run, for example {@code run -> run.curvature(200)}, in one table with columns
   * {@code run} and {@code seed} in front.
   */
  public Table each(Function<Run, Table> table) {
    List<String> names = names();
    Table all = null;
    for (int i = 0; i < runs.size(); i++) {
      Table own = table.apply(runs.get(i)).copy();
      int rows = own.rowCount();
      long seed = runs.get(i).simulation().cell().seed();
      own.insertColumn(0, StringColumn.create("run", Collections.nCopies(rows, names.get(i))));
      own.insertColumn(1, LongColumn.create("seed", LongStream.generate(() -> seed).limit(rows)));
      all = all == null ? own.setName(caption()) : all.append(own);
    }
    return all;
  }

  private String caption() {
    Configuration settings = runs.get(0).simulation().settings();
    return "%s, %d clients"
        .formatted(Names.of(settings.data().set()), settings.federation().clients());
  }

  /** A row for each run: rounds completed, accuracy after the last one and the best. */
  public Table table() {
    List<String> names = names();
    Table table = Measures.table("runs", "run rounds# last~ best~");
    for (int i = 0; i < runs.size(); i++) {
      DoubleColumn accuracy = runs.get(i).history().doubleColumn("accuracy");
      double last = accuracy.isEmpty() ? Double.NaN : accuracy.get(accuracy.size() - 1);
      Measures.add(table, names.get(i), runs.get(i).round(), last, accuracy.max());
    }
    return table;
  }

  /** Accuracy on the test images, round by round. */
  public BufferedImage plot() {
    return plot("round", "accuracy");
  }

  /**
   * Any two columns of {@link #history}.
   *
   * @param x {@code round} or {@code samples}
   * @param y {@code accuracy}, {@code loss} or {@code train_loss}
   */
  public BufferedImage plot(String x, String y) {
    return Figures.picture(
        history(),
        Map.of("kind", "curves", "x", x, "y", y, "series", "run", "title", "Round by round"));
  }
}
