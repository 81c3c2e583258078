package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the synthetic results, whose accuracies grow by a point a round. */
class RoundsToTargetFigureTest {
  @TempDir Path root;

  private Map<String, Double> rounds(String arm, String model) throws IOException {
    FigureSpec spec =
        FigureSpec.of(
            Map.of(
                "kind", "bars",
                "x", "model.name",
                "y", "accuracy",
                "series", "arm",
                "reaching", Map.of("arm", arm, "model.name", model)));
    Rows rows = Rows.of(ResultsFiles.load(SyntheticResults.write(root).resolve("rounds.csv")));
    return new Estimates(rows, spec)
        .all.stream()
            .collect(Collectors.toMap(e -> e.series() + " " + e.x(), Estimates.Estimate::mean));
  }

  @Test
  void theFirstRoundAtWhatTheBaselineEndsWithCounts() throws IOException {
    // The baseline ends with its mean of rounds 9 to 12, which it is at half-way from round 10 to
    // 11.
    assertThat(rounds("federated", "resnet-20"))
        .hasEntrySatisfying(
            "Federated resnet-20", at -> assertThat(at).isCloseTo(10.5, within(1e-6)))
        .containsEntry("Federated resnet-8", 1.0)
        .containsEntry("Central, large batch resnet-20", 1.0);
  }

  @Test
  void whoeverNeverGetsThereCountsWithTheLastRound() throws IOException {
    assertThat(rounds("central-large", "resnet-8"))
        .containsEntry("Federated resnet-8", 12.0)
        .hasEntrySatisfying(
            "Central, large batch resnet-8", at -> assertThat(at).isCloseTo(10.5, within(1e-6)));
  }

  @Test
  void aTargetThatWasNotRunIsRefused() {
    assertThatThrownBy(() -> rounds("federated", "resnet-56"))
        .isInstanceOf(NotMeasuredException.class)
        .hasMessageContaining("what is to be reached");
  }
}
