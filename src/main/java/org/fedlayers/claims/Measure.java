package org.fedlayers.claims;

import java.util.Map;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/**
 * What is measured of each run, in the words that figures have for it.
 *
 * @param experiment for example {@code divergence/depth}
 * @param from the table, for example {@code rounds}
 * @param where wanted values of columns and of axes
 * @param y the column
 * @param over how a run becomes one number: the name of a {@link Reduction}
 * @param skip layers left out at either end
 * @param along axes that are columns of the table, by their names
 * @param target values of axes that tell the run whose end has to be reached; empty unless the
 *     rounds to it are what is measured
 * @param goal a value to be reached, the same for every run; NaN unless the rounds to it are what
 *     is measured
 */
record Measure(
    String experiment,
    String from,
    Map<String, String> where,
    String y,
    String over,
    int skip,
    Map<String, String> along,
    Map<String, String> target,
    double goal) {
  static final double POINTS = 100;

  /** The same, reduced otherwise. */
  Measure over(String other) {
    return new Measure(experiment, from, where, y, other, skip, along, target, goal);
  }

  /** The same, of another column. */
  Measure by(String column) {
    return new Measure(experiment, from, where, column, over, skip, along, target, goal);
  }

  boolean isFinalAccuracy() {
    return y.equals("accuracy") && over.equals("last10") && target.isEmpty() && Double.isNaN(goal);
  }

  /** Accuracies are in points. */
  Sample of(Rows rows) {
    if (Reduction.OF_LAYERS.containsKey(over)) {
      return Sample.ofLayers(rows, y, Reduction.OF_LAYERS.get(over), skip);
    }
    if (!Double.isNaN(goal)) {
      return Sample.of(rows, y, Reduction.roundsTo(goal));
    }
    Sample sample = Sample.of(rows, y, Reduction.named(over));
    return y.equals("accuracy") ? sample.map(value -> POINTS * value) : sample;
  }
}
