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
    return RULE.judge(new Evidence(results, "laptop", PlannedCells.BUILT_IN));
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
    assertThat(judgement.effect()).endsWith("% of a step (range)");
  }

  /** Against a plain step, at least two fifths of a step have to be saved. */
  @ParameterizedTest
  @CsvSource({
    "1.9, 2.0, 2.1, 0.5, REPRODUCED",
    "1.2, 1.25, 1.4, 0.2, WEAKER_THAN_CLAIMED",
    "0.9, 1.0, 1.1, 0, INCONCLUSIVE",
    "0.7, 0.8, 0.9, -0.25, OPPOSITE"
  })
  void aStepThatIsClaimedToBeDearIsComparedTheOtherWay(
      double low, double ratio, double high, double saved, Verdict verdict) throws IOException {
    judged(low, ratio, high);
    Path file = results.resolve("bench/steps.csv");
    Files.writeString(
        file, Files.readString(file).replace("frozen", "FedSAM").replace("0.5,0.5,0.5", "9,9,9"));
    Rule rule = new HandMade(results).claim("M10b").rule();
    Judgement judgement = rule.judge(new Evidence(results, "laptop", PlannedCells.BUILT_IN));
    assertThat(judgement.interval().mean()).isCloseTo(saved, within(1e-9));
    assertThat(judgement.interval().low()).isLessThan(judgement.interval().high());
    // By the bench of nine times the time on the other machine nothing holds that fails on this.
    assertThat(judgement.verdict())
        .isEqualTo(verdict == Verdict.OPPOSITE ? Verdict.NOT_REPRODUCED : verdict);
  }

  @Test
  void withoutABenchItIsNotRun() {
    assertThatThrownBy(() -> RULE.judge(new Evidence(results, "laptop", PlannedCells.BUILT_IN)))
        .isInstanceOf(NotMeasuredException.class);
  }
}
