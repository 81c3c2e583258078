package org.fedlayers.claims;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fedlayers.experiment.FirstReached;

/**
 * Rounds until a run first scores what a baseline of the same seed ends with (the mean over the
 * {@link org.fedlayers.experiment.EndOfRun}). A run that never does counts with its last round: it
 * is censored there.
 */
final class RoundsToTarget {
  private RoundsToTarget() {}

  /**
   * Which share of the baseline's rounds another cell saves, for each point of the other axes.
   *
   * @param runs accuracies by round; how they are reduced does not matter
   * @param baseline values of the axes that tell the baseline
   * @param other values of the same axes
   */
  static Cells saved(
      Evidence evidence, Runs runs, Map<String, String> baseline, Map<String, String> other) {
    var all = evidence.rows(runs);
    Map<Map<String, String>, SortedMap<Long, List<Row>>> others = at(all, other);
    Map<Map<String, String>, Sample> saved = new LinkedHashMap<>();
    at(all, baseline)
        .forEach(
            (point, slow) ->
                saved.put(point, shares(slow, others.getOrDefault(point, new TreeMap<>()))));
    if (saved.isEmpty()) {
      throw new MissingEvidenceException("no cell with " + baseline);
    }
    return new Cells(saved);
  }

  private static Map<Map<String, String>, SortedMap<Long, List<Row>>> at(
      Map<Map<String, String>, SortedMap<Long, List<Row>>> all, Map<String, String> values) {
    Map<Map<String, String>, SortedMap<Long, List<Row>>> some = new LinkedHashMap<>();
    all.forEach(
        (point, runs) -> {
          if (values.entrySet().stream()
              .allMatch(value -> Cells.isAt(point, value.getKey(), value.getValue()))) {
            Map<String, String> rest = new LinkedHashMap<>(point);
            rest.keySet().removeAll(values.keySet());
            some.put(rest, runs);
          }
        });
    return some;
  }

  private static Sample shares(SortedMap<Long, List<Row>> slow, SortedMap<Long, List<Row>> fast) {
    SortedMap<Long, Double> shares = new TreeMap<>();
    int diverged = 0;
    for (Map.Entry<Long, List<Row>> run : slow.entrySet()) {
      List<Row> partner = fast.get(run.getKey());
      if (partner == null) {
        continue;
      }
      if (run.getValue().stream().anyMatch(Row::diverged)
          || partner.stream().anyMatch(Row::diverged)) {
        diverged++;
        continue;
      }
      double target = Runs.mean(Runs.last(run.getValue()), "accuracy");
      double own = rounds(run.getValue(), target);
      shares.put(run.getKey(), (own - rounds(partner, target)) / own);
    }
    return new Sample(shares, diverged);
  }

  private static double rounds(List<Row> run, double target) {
    return FirstReached.round(
        run, row -> row.number("round"), row -> row.number("accuracy"), target);
  }
}
