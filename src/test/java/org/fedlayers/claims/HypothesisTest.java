package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HypothesisTest {

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
      Hypothesis.Kind kind, double low, double high, Verdict verdict) {
    Estimate estimate = new Estimate((low + high) / 2, low, high, 3);
    assertThat(new Hypothesis(kind, 1, "point").of(estimate)).isEqualTo(verdict);
  }
}
