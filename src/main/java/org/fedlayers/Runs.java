package org.fedlayers;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Several runs side by side, each called by the settings in which they differ. */
public final class Runs {
  private final List<Run> runs;

  private Runs(List<Run> runs) {
    this.runs = runs;
  }

  public static Runs of(Run... runs) {
    return new Runs(List.of(runs));
  }

  /** What each is called, in the order given. */
  public List<String> names() {
    TreeSet<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(settings(run).keySet()));
    keys.removeIf(key -> runs.stream().map(run -> settings(run).get(key)).distinct().count() == 1);
    return runs.stream().map(run -> name(run, keys)).toList();
  }

  private static Map<String, Object> settings(Run run) {
    Map<String, Object> settings = new java.util.TreeMap<>(run.simulation().settings().chosen());
    settings.put("seed", run.simulation().cell().seed());
    return settings;
  }

  private static String name(Run run, TreeSet<String> keys) {
    String own = run.simulation().name();
    if (own != null) {
      return own;
    }
    String name =
        keys.stream()
            .sorted(Comparator.comparing(key -> !key.endsWith(".name")))
            .filter(key -> settings(run).containsKey(key))
            .map(key -> word(key, Objects.toString(settings(run).get(key))))
            .collect(Collectors.joining(", "));
    return name.isEmpty() ? "as usual" : name;
  }

  /** {@code feddyn} for a name, else the key's last word with the value: {@code man 0.15}. */
  private static String word(String key, String value) {
    return key.endsWith(".name") ? value : key.substring(key.lastIndexOf('.') + 1) + " " + value;
  }

  /** All their histories, with a column {@code run} in front. */
  public Table history() {
    List<String> names = names();
    Table all = null;
    for (int i = 0; i < runs.size(); i++) {
      Table own = runs.get(i).history();
      StringColumn name = StringColumn.create("run", own.rowCount());
      for (int row = 0; row < own.rowCount(); row++) {
        name.set(row, names.get(i));
      }
      own.insertColumn(0, name);
      all = all == null ? own : all.append(own);
    }
    return all;
  }

  /** A row for each run: rounds completed, accuracy after the last one and the best. */
  public Table table() {
    Table table =
        Table.create(
            "runs",
            StringColumn.create("run", names()),
            IntColumn.create("rounds", runs.stream().mapToInt(Run::round).toArray()),
            DoubleColumn.create("last"),
            DoubleColumn.create("best"));
    DoubleColumn last = DoubleColumn.create("last");
    DoubleColumn best = DoubleColumn.create("best");
    for (Run run : runs) {
      DoubleColumn accuracy = run.history().doubleColumn("accuracy");
      last.append(accuracy.isEmpty() ? Double.NaN : accuracy.get(accuracy.size() - 1));
      best.append(accuracy.max());
    }
    return table.replaceColumn("last", last).replaceColumn("best", best);
  }
}
