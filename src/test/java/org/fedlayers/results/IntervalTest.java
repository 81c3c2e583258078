package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against values worked out by hand with the quantiles of a printed t table. */
class IntervalTest {

  @Test
  void threeSeedsAloneHaveTwoDegreesOfFreedom() {
    Interval interval = Interval.of(Sample.of(1, 2, 3)); // s = 1, t(2) = 4.303
    assertThat(interval.mean()).isEqualTo(2);
    assertThat(interval.half()).isCloseTo(4.303 / Math.sqrt(3), within(1e-3));
    assertThat(interval.low()).isCloseTo(2 - 4.303 / Math.sqrt(3), within(1e-3));
    assertThat(interval.n()).isEqualTo(3);
  }

  @Test
  void eightSamplesOfThreeSeedsHaveAFactorOf212() {
    List<Sample> family = Collections.nCopies(8, Sample.of(1, 2, 3));
    Interval interval = Interval.of(family, 0, 0, 0, 1, 0, 0, 0, 0);
    assertThat(interval.high() - 2).isCloseTo(2.120 / Math.sqrt(3), within(1e-3));
  }

  @Test
  void poolingUsesAllDegreesOfFreedomButEachSamplesSize() {
    // squares 2 + 0.5 = 2.5 over 2 + 1 degrees of freedom; t(3) = 3.182
    List<Interval> intervals = Interval.pooled(List.of(Sample.of(1, 2, 3), Sample.of(10, 11)));
    double s = Math.sqrt(2.5 / 3);
    assertThat(intervals.get(0).half()).isCloseTo(3.182 * s / Math.sqrt(3), within(1e-3));
    assertThat(intervals.get(1).half()).isCloseTo(3.182 * s / Math.sqrt(2), within(1e-3));
    assertThat(intervals.get(1).mean()).isEqualTo(10.5);
  }

  @Test
  void aSumOfMeansHasTheDeviationOfItsCoefficients() {
    // Slope through depths 8, 20, 32, per layer: coefficients -12/288, 0, 12/288; s = 1, t(6).
    List<Sample> family = List.of(Sample.of(0, 1, 2), Sample.of(5, 6, 7), Sample.of(12, 13, 14));
    Interval interval = Interval.of(family, -12.0 / 288, 0, 12.0 / 288);
    assertThat(interval.mean()).isCloseTo(0.5, within(1e-12));
    double half = 2.447 * Math.sqrt(2 * Math.pow(12.0 / 288, 2) / 3);
    assertThat(interval.half()).isCloseTo(half, within(1e-4));
  }

  @Test
  void oneSeedHasAMeanAndNoIntervalEvenAmongOthersThatHave() {
    Interval interval = Interval.of(List.of(Sample.of(7), Sample.of(1, 2, 3)), 1, 0);
    assertThat(interval.mean()).isEqualTo(7);
    assertThat(interval.half()).isNaN();
    assertThat(interval.isKnown()).isFalse();
  }

  @Test
  void nothingRunIsNoEffect() {
    Interval interval = Interval.of(List.of(Sample.of(), Sample.of(1, 2)), 1, 0);
    assertThat(interval.mean()).isNaN();
    assertThat(interval.n()).isZero();
  }
}
