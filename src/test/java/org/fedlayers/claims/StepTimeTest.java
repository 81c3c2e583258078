package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.results.NotMeasuredException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTimeTest {
  private static final StepTime RULE =
      new StepTime(
          "frozen", false, new Decision(Decision.Kind.NOT_INFERIOR, 0.05, "of a step", 0), "");
  @TempDir Path results;

  private Judgement judged(double low, double ratio, double high) throws IOException {
    Path file = Files.createDirectories(results.resolve("bench")).resolve("steps.csv");
    Files.writeString(
        file,
        "comparison,net,time_ratio,time_ratio_low,time_ratio_high,repeats,clock,cpu\n"
            + "other,resnet-8,9,9,9,5,wall,A\n"
            + "frozen,resnet-8,%s,%s,%s,5,wall,A\n".formatted(ratio, low, high)
            + "frozen,resnet-8,0.5,0.5,0.5,5,wall,B\n");
    return RULE.judge(new Evidence(results, "laptop", Plan.BUILT_IN));
  }

  @ParameterizedTest
  @CsvSource({
    "0.97, 1.00, 1.04, REPRODUCED",
    "0.97, 1.00, 1.06, INCONCLUSIVE",
    "1.06, 1.07, 1.08, NOT_REPRODUCED"
  })
  void theRangeOfTheSlowestMachineDecides(double low, double ratio, double high, Verdict verdict)
      throws IOException {
    Judgement judgement = judged(low, ratio, high);
    assertThat(judgement.verdict()).isEqualTo(verdict);
    assertThat(judgement.interval().mean()).isCloseTo(1 - ratio, within(1e-9));
    assertThat(judgement.evidence()).contains("resnet-8 on A");
  }

  @Test
  void withoutABenchItIsNotRun() {
    assertThatThrownBy(() -> RULE.judge(new Evidence(results, "laptop", Plan.BUILT_IN)))
        .isInstanceOf(NotMeasuredException.class);
  }
}
