package org.fedlayers.report;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fedlayers.data.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/** One measure along rounds or samples, for each seed of one configuration. */
record Trajectory(Map<Long, TreeMap<Double, Double>> bySeed) {

  /**
   * @param label of the rows, for the message
   * @throws UserError if a seed has two values at one place: the rows are of several configurations
   */
  static Trajectory of(
      Rows rows, String label, Quantity x, String xName, Quantity y, String yName) {
    Map<Long, TreeMap<Double, Double>> bySeed = new TreeMap<>();
    double[] seeds = rows.seedOfEach();
    double[] xs = rows.numbers(xName);
    double[] ys = rows.numbers(yName);
    for (int i = 0; i < xs.length; i++) {
      Double before =
          bySeed
              .computeIfAbsent((long) seeds[i], none -> new TreeMap<>())
              .put(xs[i] * x.factor(), ys[i] * y.factor());
      if (before != null) {
        throw new UserError(
            ("%s: '%s' has several rows of seed %.0f at %s %s: it mixes configurations; tell them"
                    + " apart by series, panel or where")
                .formatted(rows.table().name(), label, seeds[i], xName, xs[i]));
      }
    }
    return new Trajectory(bySeed);
  }

  /** The mean over the seeds that got so far, with its interval, in ascending order. */
  TreeMap<Double, Interval> mean() {
    TreeMap<Double, SortedMap<Long, Double>> values = new TreeMap<>();
    bySeed.forEach(
        (seed, curve) ->
            curve.forEach(
                (x, y) -> {
                  if (Double.isFinite(y)) {
                    values.computeIfAbsent(x, none -> new TreeMap<>()).put(seed, y);
                  }
                }));
    TreeMap<Double, Interval> means = new TreeMap<>();
    values.forEach((x, ys) -> means.put(x, Interval.of(new Sample(ys, 0))));
    return means;
  }
}
