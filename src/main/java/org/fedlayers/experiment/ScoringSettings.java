package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

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
    if (points != null && every != 1) {
      throw OptionError.both("scoring.points", "scoring.every");
    }
  }

  public ScoringSettings() {
    this(1, null, List.of("cohort"));
  }
}
