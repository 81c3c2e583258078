package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fedlayers.claims.Verdict.NOT_REPRODUCED;
import static org.fedlayers.claims.Verdict.REPRODUCED;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that several cells decide, on results made by hand. */
class CellByCellTest {
  @TempDir Path root;
  private HandMade results;

  @BeforeEach
  void empty() {
    results = new HandMade(root);
  }

  private void accuracies(String name, int steps, String split, double... bySeed) {
    results.accuracy(
        "laptop/fixbn/steps-per-round",
        "federated",
        "cohort",
        Map.of("model.normaliser", name, "training.steps", "" + steps, "partition", split),
        bySeed);
  }

  private void normaliser(String name, int steps, String split, double accuracy) {
    accuracies(name, steps, split, accuracy, accuracy + 1 + steps % 3 * 0.05, accuracy + 2);
  }

  private void sweep(double fixedInTheCorner) {
    for (String split : new String[] {"iid", "classes-per-client classes=2"}) {
      for (int steps : new int[] {1, 500}) {
        boolean skewed = !split.equals("iid");
        normaliser("bn", steps, split, skewed ? 40 : 80);
        normaliser("gn", steps, split, skewed || steps == 1 ? 60 : 75);
        normaliser("fixbn", steps, split, !skewed ? 80 : steps == 1 ? fixedInTheCorner : 60);
      }
    }
  }

  @Test
  void noWorseIsJudgedCellByCellAndAgainstBoth() throws IOException {
    sweep(65);
    for (String part : new String[] {"B4a", "B4b", "B4c", "B4d", "B4e", "B1a", "B2a", "B2f"}) {
      assertThat(results.verdict(part)).as(part).isEqualTo(REPRODUCED);
    }
    // In the corner FixBN gains 25 over BN, elsewhere 0, 0 and 20.
    assertThat(results.judged("B4e").judgement().interval().mean())
        .isCloseTo(25 - 20 / 3.0, within(1e-9));
  }

  @Test
  void whereCellsOwnDeviationsGiveAnotherVerdictItIsSaidWithEveryCell() throws IOException {
    accuracies("gn", 1, "iid", 60, 60, 60);
    accuracies("fixbn", 1, "iid", 65, 65, 65);
    accuracies("gn", 500, "iid", 60, 60, 60);
    accuracies("fixbn", 500, "iid", 61, 63, 65);
    Judgement judgement = results.judged("B4c").judgement();
    // Pooled s^2 = (0 + 8) / 4 and t(4) = 2.776; alone s = 2 and t(2) = 4.303.
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.interval().low()).isCloseTo(3 - 2.776 * Math.sqrt(2 / 3.0), within(1e-3));
    assertThat(judgement.evidence())
        .endsWith(
            "; 3 seeds; inconclusive if standard deviations are not pooled: 3.00 [-1.97, 7.97]");
    assertThat(judgement.notes())
        .anyMatch(note -> note.contains("steps 1: 5.00 ["))
        .anyMatch(note -> note.contains("steps 500: 3.00 [0.73, 5.27]"));
  }

  @Test
  void oneCellWorseThanGnRefutesB4() throws IOException {
    sweep(45);
    Judgement judgement = results.judged("B4d").judgement();
    assertThat(judgement.verdict()).isEqualTo(NOT_REPRODUCED);
    assertThat(judgement.evidence())
        .isEqualTo("2 cells; weakest: 2 classes a client, steps 1; 3 seeds");
    assertThat(judgement.interval().mean()).isCloseTo(-15, within(1e-9));
  }
}
