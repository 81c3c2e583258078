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
      spin(pass);
      laps.ran(StepKind.NORM, "forward");
      spin(pass);
      laps.ran(StepKind.LOSS, "loss");
      spin(pass);
      laps.ran(StepKind.NORM, "backward");
    }
    assertThat(laps.milliseconds())
        .containsOnlyKeys(StepKind.BETWEEN_PASSES, StepKind.NORM, StepKind.LOSS);
    assertThat(laps.milliseconds().get(StepKind.LOSS)).isGreaterThanOrEqualTo(2);
    assertThat(laps.milliseconds().get(StepKind.NORM)).isGreaterThanOrEqualTo(4);
  }

  /** Two milliseconds and more, but for the pass in the middle: half of three do. */
  private static void spin(int pass) {
    long begun = System.nanoTime();
    while (pass != 1 && System.nanoTime() - begun < 2_000_000) {
      Thread.onSpinWait();
    }
  }
}
