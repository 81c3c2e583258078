package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.fedlayers.nn.plan.StepKind;
import org.junit.jupiter.api.Test;

class LapsTest {

  @Test
  void everyPassFillsTheSameRowsAndKindsAddUp() {
    Laps laps = new Laps(Clock.CPU);
    for (int pass = 0; pass < 3; pass++) {
      laps.ran(StepKind.BETWEEN_PASSES, "between");
      laps.ran(StepKind.NORM, "forward");
      laps.ran(StepKind.LOSS, "loss");
      laps.ran(StepKind.NORM, "backward");
    }
    assertThat(laps.medians())
        .extracting(Laps.Lap::name)
        .containsExactly("between", "forward", "loss", "backward");
    double norms =
        laps.medians().stream()
            .filter(lap -> lap.kind() == StepKind.NORM)
            .mapToDouble(Laps.Lap::nanos)
            .sum();
    assertThat(laps.milliseconds().get(StepKind.NORM)).isCloseTo(norms / 1e6, within(1e-9));
    assertThat(laps.milliseconds()).hasSize(3);
  }
}
