package org.fedlayers.experiment;

import org.fedlayers.results.Reduction;

/** How many rounds a cell has, and which of them are scored. */
public final class Schedule {
  private final int rounds;
  private final Integer points;
  private final int every;

  public Schedule(Configuration cell) {
    rounds = cell.rounds();
    points = cell.scoring().points();
    every = cell.scoring().every();
  }

  public int rounds() {
    return rounds;
  }

  /**
   * Whether to score after this many rounds. On a grid of P points, point i of P comes after the
   * first round that completes i/P of the whole, so runs of unlike rounds have points at equal
   * numbers of samples.
   *
   * @param done rounds completed, 1..rounds
   */
  public boolean scores(int done) {
    if (points != null) {
      return pointsAfter(done) > pointsAfter(done - 1);
    }
    return done % every == 0 || done > rounds - Reduction.POINTS;
  }

  private long pointsAfter(int done) {
    return (long) done * points / rounds;
  }

  /** How many rounds are scored. */
  int count() {
    int beforeLast = Math.max(0, rounds - Reduction.POINTS);
    return points != null ? points : beforeLast / every + rounds - beforeLast;
  }
}
