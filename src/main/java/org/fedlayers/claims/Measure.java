package org.fedlayers.claims;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
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
 * @param over how a run becomes one number: the name of a {@link Reduction}, or one of {@link
 *     #OF_LAYERS}
 * @param skip layers left out at either end
 * @param along axes that are columns of the table, by their names
 * @param target values of axes that tell the run whose end has to be reached; empty if the rounds
 *     to a target are not what is measured
 */
record Measure(
    String experiment,
    String from,
    Map<String, String> where,
    String y,
    String over,
    int skip,
    Map<String, String> along,
    Map<String, String> target) {
  /** Spearman's, of a layer's mean over rounds with its distance from the output. */
  static final String CORRELATION = "correlation";

  /** The mean of the half of the layers next to the input minus that of the other half. */
  static final String SHALLOW_MINUS_DEEP = "shallow-minus-deep";

  static final List<String> OF_LAYERS = List.of(CORRELATION, SHALLOW_MINUS_DEEP);

  /** The same, reduced otherwise. */
  Measure over(String other) {
    return new Measure(experiment, from, where, y, other, skip, along, target);
  }

  boolean isFinalAccuracy() {
    return y.equals("accuracy") && over.equals("last10") && target.isEmpty();
  }

  Sample of(Rows rows) {
    return switch (over) {
      case CORRELATION -> Sample.of(rows, run -> correlation(byLayer(run)));
      case SHALLOW_MINUS_DEEP -> Sample.of(rows, run -> shallowMinusDeep(byLayer(run)));
      default -> Sample.of(rows, y, Reduction.named(over));
    };
  }

  /** The mean over rounds by layer, from the input on. */
  private List<Double> byLayer(Rows run) {
    Map<Double, Double> byLayer = new TreeMap<>();
    run.by("index")
        .forEach(
            (index, layer) ->
                byLayer.put(Double.valueOf(index), Sample.of(layer, y, Reduction.MEAN).mean()));
    List<Double> all = List.copyOf(byLayer.values());
    return all.subList(skip, all.size() - skip);
  }

  private static double correlation(List<Double> byLayer) {
    double[] fromOutput = new double[byLayer.size()];
    double[] values = new double[byLayer.size()];
    for (int layer = 0; layer < values.length; layer++) {
      fromOutput[layer] = -layer;
      values[layer] = byLayer.get(layer);
    }
    return new SpearmansCorrelation().correlation(fromOutput, values);
  }

  private static double shallowMinusDeep(List<Double> byLayer) {
    int half = byLayer.size() / 2;
    return mean(byLayer.subList(0, half)) - mean(byLayer.subList(half, byLayer.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }
}
