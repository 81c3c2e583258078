package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;
import org.fedlayers.results.Reduction;

/** The group {@code scoring} of an experiment's settings: when which models are scored. */
public record ScoringSettings(
    @Option(
            value = "rounds between scored ones; the last 10 rounds are always scored",
            range = "[1, 1000000]")
        int every,
    @Option(
            value = "scored points on an equal-sample grid, in place of scoring.every",
            range = "[10, 1000000]")
        Integer points,
    @Option(value = "which models are scored", range = "cohort | all | server")
        List<String> averages) {

  public ScoringSettings {
    OptionError.refuseBoth(points != null && every != 1, "scoring.points", "scoring.every");
  }

  public ScoringSettings() {
    this(1, null, List.of("cohort"));
  }

  /** The average that is scored first. */
  public String first() {
    return averages.get(0);
  }

  /**
   * Whether to score after a round. On a grid of P points, point i of P comes after the first round
   * that completes i/P of the whole, so runs of unlike rounds have points at equal numbers of
   * samples.
   *
   * @param done rounds completed, 1..rounds
   */
  public boolean scores(int done, int rounds) {
    return points != null
        ? (long) done * points / rounds > (done - 1L) * points / rounds
        : done % every == 0 || done > rounds - Reduction.POINTS;
  }

  /** How many of the rounds are scored. */
  int count(int rounds) {
    int beforeLast = Math.max(0, rounds - Reduction.POINTS);
    return points != null ? points : beforeLast / every + rounds - beforeLast;
  }
}
