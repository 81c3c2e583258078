package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringSettingsTest {

  private static List<Integer> scored(int rounds, Map<String, Object> scoring) {
    Map<String, Object> values = new HashMap<>(scoring);
    values.put("rounds", rounds);
    ScoringSettings scores = Configuration.of(values).scoring();
    List<Integer> scored =
        IntStream.rangeClosed(1, rounds)
            .filter(done -> scores.scores(done, rounds))
            .boxed()
            .toList();
    assertThat(scores.count(rounds)).isEqualTo(scored.size());
    return scored;
  }

  @Test
  void theLastTenRoundsAreAlwaysScored() {
    assertThat(scored(23, Map.of("scoring.every", 5)))
        .containsExactly(5, 10, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
    assertThat(scored(3, Map.of("scoring.every", 5))).containsExactly(1, 2, 3);
  }

  @Test
  void pointsOfAGridLieAtEqualShares() {
    assertThat(scored(20, Map.of("scoring.points", 10)))
        .containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
    assertThat(scored(25, Map.of("scoring.points", 10)))
        .containsExactly(3, 5, 8, 10, 13, 15, 18, 20, 23, 25);
  }

  @Test
  void aBudgetOfStepsMakesRounds() {
    assertThat(Configuration.of(Map.of("total-steps", 1000, "training.steps", 20)).rounds())
        .isEqualTo(50);
  }

  /** Every other round of all, and the last ten. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 11, 12, 99, 100})
  void scoredRoundsAreCountedWithoutGoingThroughThem(int rounds) {
    for (int every : new int[] {1, 2, 7, 150}) {
      ScoringSettings scoring = new ScoringSettings(every, null, List.of("cohort"));
      long expected =
          IntStream.rangeClosed(1, rounds).filter(done -> scoring.scores(done, rounds)).count();
      assertThat(scoring.count(rounds)).isEqualTo((int) expected);
    }
    ScoringSettings seldom = new ScoringSettings(1_000_000, null, List.of("cohort"));
    assertThat(seldom.count(1_000_000)).isEqualTo(10);
  }
}
