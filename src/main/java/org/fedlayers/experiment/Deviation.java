package org.fedlayers.experiment;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the settings of an experiment differ from those of the built-in one of the same name and
 * scale: by {@code --set}, or because another file has that name. The results are marked, and no
 * claim is judged by them.
 *
 * @param byGroup settings of the cells that differ, by {@link Cell#group}
 */
public record Deviation(Map<String, String> byGroup) {
  /** The column of results that holds it; results without it are as registered. */
  public static final String COLUMN = "deviates";

  public static Deviation of(Experiment experiment) {
    Map<String, String> byGroup = new HashMap<>();
    if (Catalogue.paths().contains(experiment.path())) {
      Source source = Catalogue.find(experiment.path()).get(0);
      List<Cell> registered =
          ExperimentReader.read(source, experiment.scale(), List.of(), List.of()).cells();
      Set<String> groups = registered.stream().map(Cell::group).collect(Collectors.toSet());
      for (Cell cell : experiment.cells()) {
        if (!groups.contains(cell.group())) {
          byGroup.computeIfAbsent(cell.group(), none -> nearest(cell, registered));
        }
      }
    }
    return new Deviation(byGroup);
  }

  /** Against the registered cell that is most like it, for example {@code rounds=2}. */
  private static String nearest(Cell cell, List<Cell> registered) {
    return registered.stream()
        .map(other -> differences(cell, other))
        .min(Comparator.comparingInt(Set::size))
        .stream()
        .flatMap(Set::stream)
        .collect(Collectors.joining(" "));
  }

  private static Set<String> differences(Cell cell, Cell other) {
    Set<String> keys = new TreeSet<>(cell.configuration().chosen().keySet());
    keys.addAll(other.configuration().chosen().keySet());
    keys.remove("measure.what");
    Set<String> differences = new TreeSet<>();
    for (String key : keys) {
      Object value = cell.configuration().get(key);
      if (!String.valueOf(value).equals(String.valueOf(other.configuration().get(key)))) {
        differences.add(key + "=" + value);
      }
    }
    if (cell.arm() != other.arm()) {
      differences.add("arm=" + cell.arm().text());
    }
    return differences;
  }

  /** What a cell differs in; nothing if it is registered. */
  public String of(Cell cell) {
    return byGroup.getOrDefault(cell.group(), "");
  }

  /** Everything that differs, in words; nothing if all is as registered. */
  public String words() {
    return byGroup.values().stream().distinct().sorted().collect(Collectors.joining("; "));
  }
}
