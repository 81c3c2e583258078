package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.fedlayers.options.OptionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSettingsTest {
  /** Fractions are meant as they are written, in whole per cent here. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 100, 180, 500, 2560, 16960, 1_000_000})
  void roundsBeginAtFractionsAsTheyAreWritten(int rounds) {
    for (int percent = 0; percent <= 100; percent++) {
      int first = (int) (((long) percent * rounds + 99) / 100);
      assertThat(TrainingSettings.roundAt(Double.parseDouble(percent + "e-2"), rounds))
          .as("%d %% of %d", percent, rounds)
          .isEqualTo(first);
    }
  }

  @Test
  void aRateFallsByRoundsOrByImages() {
    TrainingSettings slow =
        TrainingSettings.steps(1, 0.8).with("decay", 0.25).with("decay-every", 2000);
    assertThat(slow.rate(1000, 7, 9999)).isCloseTo(0.4, within(1e-15));
    assertThat(slow.with("decay-by", "samples").rate(7, 4000, 9)).isCloseTo(0.05, within(1e-15));
  }

  /** Also of a record that no reader of files has made. */
  @Test
  void aSettingHoldsRanges() {
    TrainingSettings training =
        new TrainingSettings(
            1,
            null,
            50,
            -0.1,
            TrainingSettings.Schedule.DECAY,
            1,
            TrainingSettings.Unit.ROUNDS,
            1,
            List.of(),
            TrainingSettings.Optimiser.SGD,
            0,
            TrainingSettings.Momentum.RESET,
            0,
            0,
            0);
    assertThatThrownBy(() -> Runs.setting(new FedAvg(), training))
        .isInstanceOf(OptionError.class)
        .hasMessageContaining("rate is -0.1, expected a number above 0");
  }
}
