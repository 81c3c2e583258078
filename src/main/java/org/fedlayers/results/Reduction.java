package org.fedlayers.results;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.Spelling;
import org.fedlayers.data.UserError;

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
        while (rounds[first] <= begin) {
          first++;
        }
        return mean(Arrays.copyOfRange(values, first, values.length));
      };

  Reduction BEST =
      (rounds, values) -> Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NaN);

  Reduction MEAN = (rounds, values) -> mean(values);

  /** By the names that files have for them. */
  Map<String, Reduction> NAMED = Map.of("last", LAST, "last10", END, "best", BEST, "mean", MEAN);

  /**
   * @throws UserError if there is none of that name
   */
  static Reduction named(String name) {
    if (!NAMED.containsKey(name)) {
      throw new UserError(
          "over '%s', expected last, last10, best or mean%s"
              .formatted(name, Spelling.hint(name, List.copyOf(NAMED.keySet()))));
    }
    return NAMED.get(name);
  }

  /** The first round at a target or above; a run that never gets there is censored at its last. */
  static Reduction roundsTo(double target) {
    return (rounds, values) -> {
      int point = 0;
      while (point < rounds.length - 1 && !(values[point] >= target)) {
        point++;
      }
      return rounds[point];
    };
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
