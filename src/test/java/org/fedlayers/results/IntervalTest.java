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
    Interval interval = Interval.pooled(family, 1).get(3);
    assertThat(interval.high() - 2).isCloseTo(2.120 / Math.sqrt(3), within(1e-3));
  }

  @Test
  void poolingUsesAllDegreesOfFreedomButEachSamplesSize() {
    // squares 2 + 0.5 = 2.5 over 2 + 1 degrees of freedom; t(3) = 3.182
    List<Interval> intervals = Interval.pooled(List.of(Sample.of(1, 2, 3), Sample.of(10, 11)), 1);
    double s = Math.sqrt(2.5 / 3);
    assertThat(intervals.get(0).half()).isCloseTo(3.182 * s / Math.sqrt(3), within(1e-3));
    assertThat(intervals.get(1).half()).isCloseTo(3.182 * s / Math.sqrt(2), within(1e-3));
    assertThat(intervals.get(1).mean()).isEqualTo(10.5);
  }

  @Test
  void severalIntervalsHoldAtOnceIfEachIsWider() {
    // Two of them: t(2) at 1 - 0.025 / 2 is 6.205.
    Interval interval = Interval.pooled(List.of(Sample.of(1, 2, 3)), 2).get(0);
    assertThat(interval.half()).isCloseTo(6.205 / Math.sqrt(3), within(1e-3));
  }

  @Test
  void noEndReadsAsZeroThatIsNot() {
    assertThat(new Interval(0.13, 0.0025, 0.26, 3)).hasToString("0.1300 [0.0025, 0.2600]");
    assertThat(new Interval(-6.1525, -8.69, -3.615, 3)).hasToString("-6.15 [-8.69, -3.62]");
    assertThat(new Interval(0.05, 0.05, 1, 3)).hasToString("0.05 [0.05, 1.00]");
    assertThat(new Interval(0.00002, 0, 1, 3)).hasToString("0.0000 [0.0000, 1.0000]");
    assertThat(new Interval(2.5, Double.NaN, Double.NaN, 1)).hasToString("2.50");
    assertThat(Interval.NONE).hasToString("");
  }

  @Test
  void oneSeedHasAMeanAndNoIntervalEvenAmongOthersThatHave() {
    Interval interval = Interval.pooled(List.of(Sample.of(7), Sample.of(1, 2, 3)), 1).get(0);
    assertThat(interval.mean()).isEqualTo(7);
    assertThat(interval.half()).isNaN();
    assertThat(interval.isKnown()).isFalse();
  }

  @Test
  void nothingRunIsNoEffect() {
    Interval interval = Interval.pooled(List.of(Sample.of(), Sample.of(1, 2)), 1).get(0);
    assertThat(interval.mean()).isNaN();
    assertThat(interval.n()).isZero();
  }
}
