package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against values worked out by hand with the quantiles of a printed t table. */
class IntervalTest {

  @Test
  void threeValuesHaveTwoDegreesOfFreedom() {
    Interval interval = Interval.of(1, 2, 3); // s = 1, t(2) = 4.303
    assertThat(interval.mean()).isEqualTo(2);
    assertThat(interval.half()).isCloseTo(4.303 / Math.sqrt(3), within(1e-3));
    assertThat(interval.low()).isCloseTo(2 - 4.303 / Math.sqrt(3), within(1e-3));
    assertThat(interval.n()).isEqualTo(3);
  }

  @Test
  void poolingUsesAllDegreesOfFreedomButEachGroupsSize() {
    // squares 2 + 0.5 = 2.5 over 2 + 1 degrees of freedom; t(3) = 3.182
    List<Interval> intervals =
        Interval.pooled(List.of(new double[] {1, 2, 3}, new double[] {10, 11}));
    double s = Math.sqrt(2.5 / 3);
    assertThat(intervals.get(0).half()).isCloseTo(3.182 * s / Math.sqrt(3), within(1e-3));
    assertThat(intervals.get(1).half()).isCloseTo(3.182 * s / Math.sqrt(2), within(1e-3));
    assertThat(intervals.get(1).mean()).isEqualTo(10.5);
  }

  @Test
  void aGroupOfOneBorrowsTheOthersSpread() {
    Interval single = Interval.pooled(List.of(new double[] {7}, new double[] {1, 2, 3})).get(0);
    assertThat(single.half()).isCloseTo(4.303, within(1e-3));
  }

  @Test
  void oneSeedHasAMeanAndNoInterval() {
    Interval interval = Interval.of(0.5);
    assertThat(interval.mean()).isEqualTo(0.5);
    assertThat(interval.low()).isNaN();
    assertThat(interval.half()).isNaN();
  }

  @Test
  void pairedDifferencesForgetWhatSeedsShare() {
    Interval interval = Interval.paired(new double[] {11, 102, 1003}, new double[] {10, 100, 1000});
    assertThat(interval).isEqualTo(Interval.of(1, 2, 3));
  }

  @Test
  void refusesWhatCannotBeAveragedOrPaired() {
    assertThatThrownBy(Interval::of).hasMessageContaining("no values");
    assertThatThrownBy(() -> Interval.paired(new double[] {1, 2}, new double[] {1}))
        .hasMessageContaining("cannot be paired");
  }
}
