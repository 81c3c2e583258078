package org.fedlayers.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** When a run first got somewhere. */
public final class FirstReached {
  private FirstReached() {}

  /**
   * The first round at a target, or the last round of a run that never got there: it is censored.
   *
   * @param points of one run, at least one, in any order
   * @param round how many rounds were completed at a point
   * @param value what has to be at the target or above
   */
  public static <P> double round(
      List<P> points, ToDoubleFunction<P> round, ToDoubleFunction<P> value, double target) {
    return points.stream()
        .filter(point -> value.applyAsDouble(point) >= target)
        .mapToDouble(round)
        .min()
        .orElseGet(() -> points.stream().mapToDouble(round).max().orElseThrow());
  }
}
