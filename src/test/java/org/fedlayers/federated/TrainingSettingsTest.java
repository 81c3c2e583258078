package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;

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
}
