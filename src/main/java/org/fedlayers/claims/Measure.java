package org.fedlayers.claims;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;

/**
 * The number that is measured of each run, described as in the options of figures.
 *
 * @param claim names the experiment, the table, layers to skip and axes along columns
 * @param where wanted values of columns and of axes, those that go without saying included
 * @param y the column
 * @param over how a run becomes one number: the name of a {@link Reduction}
 */
record Measure(ClaimOptions claim, Map<String, String> where, String y, String over) {
  static final double POINTS = 100;
  private static final String LATE = " of the end";

  /** The same, reduced otherwise. */
  Measure over(String other) {
    return new Measure(claim, where, y, other);
  }

  /** The same over the last third of the rounds; null where other rounds do not count at all. */
  Measure late() {
    return over.equals("mean")
        ? over("last10")
        : Reduction.OF_LAYERS.containsKey(over) ? over(over + LATE) : null;
  }

  /** The same of the cohort's average, where that of all clients is meant; null elsewhere. */
  Measure ofCohort() {
    Map<String, String> other = new LinkedHashMap<>(where);
    return other.replace("model", "all", "cohort") ? new Measure(claim, other, y, over) : null;
  }

  /** The same, of another column. */
  Measure by(String column) {
    return new Measure(claim, where, column, over);
  }

  String experiment() {
    return claim.experiment();
  }

  /** A value to be reached by every run; NaN unless the rounds to it are what is measured. */
  double goal() {
    return claim.target().content() instanceof Number goal ? goal.doubleValue() : Double.NaN;
  }

  /**
   * The values of axes that tell the run whose end has to be reached; empty unless the rounds to it
   * are what is measured.
   */
  Map<String, String> target() {
    Map<String, String> target = new LinkedHashMap<>();
    if (claim.target().isMap()) {
      claim.target().map().forEach((axis, value) -> target.put(axis, "" + value.content()));
    }
    return target;
  }

  boolean isFinalAccuracy() {
    boolean reaching = !target().isEmpty() || !Double.isNaN(goal());
    return y.equals("accuracy") && over.equals("last10") && !reaching;
  }

  /** Accuracies are in points. */
  Sample of(Rows rows) {
    Reduction layers = Reduction.OF_LAYERS.get(over.replace(LATE, ""));
    if (layers != null) {
      Reduction rounds = over.endsWith(LATE) ? Reduction.END : Reduction.MEAN;
      return Sample.ofLayers(rows, y, rounds, layers, claim.skip());
    }
    if (!Double.isNaN(goal())) {
      return Sample.of(rows, y, Reduction.roundsTo(goal()));
    }
    Sample sample = Sample.of(rows, y, Reduction.named(over));
    return y.equals("accuracy") ? sample.map(value -> POINTS * value) : sample;
  }
}
