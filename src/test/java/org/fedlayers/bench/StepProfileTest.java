package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.fedlayers.nn.plan.StepKind;
import org.junit.jupiter.api.Test;

class StepProfileTest {

  @Test
  void aPassIsWhatRanUntilTheNextOneAndItsKindsAddUp() {
    var laps = new StepProfile();
    for (int pass = 0; pass < 3; pass++) {
      laps.ran(StepKind.BETWEEN_PASSES, "between");
      laps.ran(StepKind.NORM, "forward");
      long begun = System.nanoTime();
      while (pass != 1 && System.nanoTime() - begun < 2_000_000) {
        Thread.onSpinWait();
      }
      laps.ran(StepKind.LOSS, "loss");
      laps.ran(StepKind.NORM, "backward");
    }
    assertThat(laps.milliseconds())
        .containsOnlyKeys(StepKind.BETWEEN_PASSES, StepKind.NORM, StepKind.LOSS);
    assertThat(laps.milliseconds().get(StepKind.LOSS)).isGreaterThanOrEqualTo(2);
  }
}
