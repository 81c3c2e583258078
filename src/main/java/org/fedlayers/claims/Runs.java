package org.fedlayers.claims;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.fedlayers.experiment.EndOfRun;

/**
 * Which rows of which results file, and how those of one run become one number.
 *
 * @param experiment for example {@code divergence/depth}
 * @param table for example {@code rounds}
 * @param where wanted values of columns that are no axes of the grid
 * @param reduction from the rows of one run in order of rounds, none of them empty
 */
record Runs(
    String experiment,
    String table,
    Map<String, String> where,
    ToDoubleFunction<List<Row>> reduction) {
  private static final double POINTS = 100;

  /** Accuracy in points: the mean over the {@link EndOfRun}. */
  static Runs accuracy(String experiment, String arm, String model) {
    return new Runs(
        experiment,
        "rounds",
        Map.of("arm", arm, "model", model),
        rows -> POINTS * mean(last(rows), "accuracy"));
  }

  /** The mean over rounds of a divergence of the whole model. */
  static Runs divergence(String experiment, String measure) {
    return layers(experiment, "model", rows -> mean(rows, measure));
  }

  /** Something about the divergence of layers; rows are those of all layers and rounds. */
  static Runs layers(String experiment, String part, ToDoubleFunction<List<Row>> reduction) {
    return new Runs(experiment, "layers", Map.of("arm", "federated", "part", part), reduction);
  }

  /** A curvature of the final model. */
  static Runs curvature(String experiment, String measure, int index) {
    return new Runs(
        experiment,
        "curvature",
        Map.of("arm", "federated", "measure", measure, "index", String.valueOf(index)),
        rows -> rows.get(rows.size() - 1).number("value"));
  }

  Runs reducedBy(ToDoubleFunction<List<Row>> other) {
    return new Runs(experiment, table, where, other);
  }

  static List<Row> last(List<Row> rows) {
    List<Row> ordered =
        rows.stream().sorted(Comparator.comparingDouble(row -> row.number("round"))).toList();
    return EndOfRun.of(ordered, row -> row.number("round"));
  }

  static double mean(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.number(column)).average().orElseThrow();
  }

  /** The mean over rounds of a measure, by layer, from the input on. */
  static Map<Integer, Double> byLayer(List<Row> rows, String column) {
    Map<Integer, Double> byLayer = new LinkedHashMap<>();
    rows.stream()
        .map(row -> (int) row.number("index"))
        .distinct()
        .sorted()
        .forEach(
            index ->
                byLayer.put(
                    index,
                    mean(
                        rows.stream().filter(row -> row.number("index") == index).toList(),
                        column)));
    return byLayer;
  }
}
