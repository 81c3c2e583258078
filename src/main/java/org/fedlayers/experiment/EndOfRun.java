package org.fedlayers.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The points that stand for the end of a run: the last ten that were scored, and of a short run
 * only those in its last third. Ten rounds in all would else be averaged with their beginning, and
 * FixBN's second half with its first.
 */
public final class EndOfRun {
  /** How many points at most; always scored. */
  public static final int POINTS = 10;

  private static final double BEGINNING = 2.0 / 3;

  private EndOfRun() {}

  /**
   * The last of some points.
   *
   * @param points at least one, in order of rounds
   * @param round how many rounds were completed at a point
   */
  public static <P> List<P> of(List<P> points, ToDoubleFunction<P> round) {
    double begin = BEGINNING * round.applyAsDouble(points.get(points.size() - 1));
    return points.stream()
        .skip(Math.max(0, points.size() - POINTS))
        .filter(point -> round.applyAsDouble(point) > begin)
        .toList();
  }
}
