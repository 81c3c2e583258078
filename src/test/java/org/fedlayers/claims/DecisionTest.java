package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import org.fedlayers.results.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

  @ParameterizedTest
  @CsvSource({
    "SUPERIOR, 0.1, 5, REPRODUCED",
    "SUPERIOR, 0.1, 0.5, REPRODUCED",
    "SUPERIOR, -0.1, 1.5, INCONCLUSIVE",
    "SUPERIOR, -3, 0.9, NOT_REPRODUCED",
    "SUPERIOR, 0, 0.9, NOT_REPRODUCED",
    "SUPERIOR, 0, 1, INCONCLUSIVE",
    "NOT_INFERIOR, -0.9, -0.1, REPRODUCED",
    "NOT_INFERIOR, -1.5, 3, INCONCLUSIVE",
    "NOT_INFERIOR, -1, 3, INCONCLUSIVE",
    "NOT_INFERIOR, -4, -1.1, NOT_REPRODUCED",
    "EQUIVALENT, -0.9, 0.9, REPRODUCED",
    "EQUIVALENT, -0.9, 1, INCONCLUSIVE",
    "EQUIVALENT, -2, 2, INCONCLUSIVE",
    "EQUIVALENT, 1.1, 2, NOT_REPRODUCED",
    "EQUIVALENT, -2, -1.1, NOT_REPRODUCED",
    "EQUIVALENT, NaN, NaN, INCONCLUSIVE",
    "SUPERIOR, NaN, NaN, INCONCLUSIVE",
  })
  void anIntervalDecidesAgainstZeroAndAMarginOfOne(
      Decision.Kind kind, double low, double high, Verdict verdict) {
    Interval interval = new Interval((low + high) / 2, low, high, 3);
    assertThat(new Decision(kind, 1, "point").of(interval)).isEqualTo(verdict);
  }
}
