package org.fedlayers.results;

import java.util.Arrays;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** How the scored points of one run become one number. */
@FunctionalInterface
public interface Reduction {
  /** How many points at most stand for the end of a run; they are always scored. */
  int POINTS = 10;

  /**
   * @param rounds how many rounds were completed at each point, ascending; at least one
   * @param values what was measured there
   */
  double of(double[] rounds, double[] values);

  Reduction LAST = (rounds, values) -> values[values.length - 1];

  /**
   * The mean over the last ten points, and in a short run only those in its last third: ten rounds
   * in all would else be averaged with their beginning, and FixBN's second half with its first.
   */
  Reduction END =
      (rounds, values) -> {
        double begin = 2.0 / 3 * rounds[rounds.length - 1];
        int first = Math.max(0, rounds.length - POINTS);
        while (first < rounds.length - 1 && rounds[first] <= begin) {
          first++;
        }
        return mean(Arrays.copyOfRange(values, first, values.length));
      };

  Reduction BEST =
      (rounds, values) -> Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NaN);

  Reduction MEAN = (rounds, values) -> mean(values);

  /** The gain in the last third of a run, which tells whether the curve has flattened. */
  Reduction GAIN =
      (rounds, values) -> {
        int point = rounds.length - 1;
        while (point > 0 && rounds[point] > 2.0 / 3 * rounds[rounds.length - 1]) {
          point--;
        }
        return values[values.length - 1] - values[point];
      };

  /** By the names that files have for them. */
  Map<String, Reduction> NAMED =
      Map.of("last", LAST, "last10", END, "best", BEST, "mean", MEAN, "gain", GAIN);

  /**
   * Reductions over layers instead of rounds, the first next to the input: Spearman's correlation
   * with the distance from the output, and the mean of the half next to the input minus that of the
   * other.
   */
  Map<String, Reduction> OF_LAYERS =
      Map.of(
          "correlation",
          (layers, values) ->
              Arrays.stream(values).anyMatch(Double::isNaN) // of a layer that did not move
                  ? Double.NaN
                  : new SpearmansCorrelation()
                      .correlation(Arrays.stream(layers).map(layer -> -layer).toArray(), values),
          "shallow-minus-deep",
          (layers, values) ->
              mean(Arrays.copyOf(values, values.length / 2))
                  - mean(Arrays.copyOfRange(values, values.length / 2, values.length)));

  /** The value after a round; NaN if that round was not scored. */
  static Reduction at(double round) {
    return (rounds, values) -> {
      int point = Arrays.binarySearch(rounds, round);
      return point < 0 ? Double.NaN : values[point];
    };
  }

  /**
   * @param name one of {@link #NAMED}, or {@code round 5}
   */
  static Reduction named(String name) {
    if (name.startsWith("round ")) {
      return at(Double.parseDouble(name.substring(6)));
    }
    return NAMED.get(name);
  }

  /**
   * The round in which a target is first reached, by linear interpolation between points of one
   * grid: multiples of the largest distance of two points, because the end of a run is scored more
   * often; all points where not every multiple was scored. A run that never gets there is censored
   * at its last round.
   */
  static Reduction roundsTo(double target) {
    return (rounds, values) -> {
      double step = 1;
      for (int point = 1; point < rounds.length; point++) {
        step = Math.max(step, rounds[point] - rounds[point - 1]);
      }
      double grid = step;
      long multiples = Arrays.stream(rounds).filter(round -> round % grid == 0).count();
      boolean all = multiples < Math.floor(rounds[rounds.length - 1] / grid);
      int before = -1;
      for (int point = 0; point < rounds.length; point++) {
        if (all || rounds[point] % grid == 0) {
          if (values[point] >= target) {
            return before < 0
                ? rounds[point]
                : rounds[before]
                    + (target - values[before])
                        / (values[point] - values[before])
                        * (rounds[point] - rounds[before]);
          }
          before = point;
        }
      }
      return rounds[rounds.length - 1];
    };
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
