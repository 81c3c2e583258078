package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.results.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a margin of one. */
class DecisionTest {

  private static Interval interval(double low, double high) {
    return new Interval((low + high) / 2, low, high, 3);
  }

  private static Decision decision(Decision.Kind kind, double claimed) {
    return new Decision(kind, 1, "points", claimed);
  }

  @ParameterizedTest
  @CsvSource({
    "SUPERIOR, 0.1, 5, REPRODUCED",
    "SUPERIOR, 0.1, 0.9, WEAKER_THAN_CLAIMED",
    "SUPERIOR, 0.1, 1.1, INCONCLUSIVE",
    "SUPERIOR, -0.1, 1.5, INCONCLUSIVE",
    "SUPERIOR, -3, 0.9, NOT_REPRODUCED",
    "SUPERIOR, 0, 0.9, NOT_REPRODUCED",
    "SUPERIOR, 0, 1, INCONCLUSIVE",
    "SUPERIOR, -3, -0.1, OPPOSITE",
    "NOT_INFERIOR, -0.9, -0.1, REPRODUCED",
    "NOT_INFERIOR, -1.5, 3, INCONCLUSIVE",
    "NOT_INFERIOR, -1, 3, INCONCLUSIVE",
    "NOT_INFERIOR, -4, -1.1, NOT_REPRODUCED",
    "EQUIVALENT, -0.9, 0.9, REPRODUCED",
    "EQUIVALENT, -0.9, 1, INCONCLUSIVE",
    "EQUIVALENT, -2, 2, INCONCLUSIVE",
    "EQUIVALENT, 1.1, 2, NOT_REPRODUCED",
    "EQUIVALENT, -2, -1.1, NOT_REPRODUCED",
    "EQUIVALENT, NaN, NaN, NO_VERDICT",
    "SUPERIOR, NaN, NaN, NO_VERDICT",
  })
  void anIntervalDecidesAgainstZeroAndTheMargin(
      Decision.Kind kind, double low, double high, Verdict verdict) {
    List<Interval> one = List.of(interval(low, high));
    assertThat(decision(kind, 0).of(one, one)).isEqualTo(verdict);
  }

  @Test
  void anEffectBelowTheSizeThatWasClaimedIsWeaker() {
    List<Interval> one = List.of(interval(2, 4));
    assertThat(decision(Decision.Kind.SUPERIOR, 3).of(one, one)).isEqualTo(Verdict.REPRODUCED);
    assertThat(decision(Decision.Kind.SUPERIOR, 5).of(one, one))
        .isEqualTo(Verdict.WEAKER_THAN_CLAIMED);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 4, 2, 4, REPRODUCED", // both hold
    "2, 4, 0.1, 0.9, WEAKER_THAN_CLAIMED", // both above 0, one below the margin
    "2, 4, -2, 0.9, NOT_REPRODUCED", // one below the margin, at once
    "2, 4, -2, 1.5, INCONCLUSIVE",
    "-4, -2, -3, -1, OPPOSITE", // both below 0
    "2, 4, -3, -1, NOT_REPRODUCED"
  })
  void everyCellHasToHold(double low, double high, double otherLow, double otherHigh, Verdict all) {
    List<Interval> cells = List.of(interval(low, high), interval(otherLow, otherHigh));
    assertThat(decision(Decision.Kind.SUPERIOR, 0).of(cells, cells)).isEqualTo(all);
  }

  /** By itself the second cell would refute; corrected for both it does not. */
  @Test
  void oneOfSeveralCellsRefutesOnlyByItsCorrectedInterval() {
    List<Interval> alone = List.of(interval(-2, 4), interval(-2, 0.9));
    List<Interval> atOnce = List.of(interval(-3, 5), interval(-3, 1.4));
    assertThat(decision(Decision.Kind.SUPERIOR, 0).of(alone, alone))
        .isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(decision(Decision.Kind.SUPERIOR, 0).of(alone, atOnce))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  /** Another cell has no number. */
  @ParameterizedTest
  @CsvSource({
    "2, 4, INCONCLUSIVE", // it holds
    "0.1, 0.9, INCONCLUSIVE", // weaker than claimed
    "-4, -2, NOT_REPRODUCED", // the opposite
    "-2, 0.9, NOT_REPRODUCED",
    "-2, 4, INCONCLUSIVE",
    "NaN, NaN, NO_VERDICT",
  })
  void someCellsCanRefuteAndNothingElse(double low, double high, Verdict verdict) {
    List<Interval> one = List.of(interval(low, high));
    assertThat(decision(Decision.Kind.SUPERIOR, 0).ofSome(one, one)).isEqualTo(verdict);
  }

  @Test
  void theOppositeOfSomeCellsRefutesOnlyByCorrectedIntervals() {
    List<Interval> alone = List.of(interval(-2, -0.1));
    List<Interval> atOnce = List.of(interval(-4, 1.9));
    assertThat(decision(Decision.Kind.SUPERIOR, 0).ofSome(alone, atOnce))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void thereAreEightVerdictsAndNone() {
    assertThat(Stream.of(Verdict.values()).map(Verdict::text))
        .containsExactly(
            "reproduced",
            "weaker than claimed",
            "not reproduced",
            "opposite",
            "inconclusive",
            "nothing to test",
            "not run",
            "out of scope",
            "no verdict");
  }
}
