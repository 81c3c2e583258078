package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.fedlayers.experiment.Interval;
import org.junit.jupiter.api.Test;

/** Against quantiles of a printed t table, and against the intervals of tables. */
class EstimateTest {

  static Sample sample(double... bySeed) {
    TreeMap<Long, Double> values = new TreeMap<>();
    for (int seed = 0; seed < bySeed.length; seed++) {
      values.put((long) seed, bySeed[seed]);
    }
    return new Sample(values, 0);
  }

  @Test
  void threeSeedsAloneHaveAFactorOf430() {
    Estimate estimate = Estimate.of(List.of(sample(1, 2, 3)), 1); // s = 1
    assertThat(estimate.effect()).isEqualTo(2);
    assertThat(estimate.high() - 2).isCloseTo(4.303 / Math.sqrt(3), within(1e-3));
    assertThat(estimate.seeds()).isEqualTo(3);
    Interval interval = Interval.of(1, 2, 3);
    assertThat(estimate.low()).isCloseTo(interval.low(), within(1e-12));
  }

  @Test
  void eightSamplesOfThreeSeedsHaveAFactorOf212() {
    List<Sample> family = Collections.nCopies(8, sample(1, 2, 3));
    Estimate estimate = Estimate.of(family, 0, 0, 0, 1, 0, 0, 0, 0);
    assertThat(estimate.high() - 2).isCloseTo(2.120 / Math.sqrt(3), within(1e-3));
  }

  @Test
  void aSumOfMeansHasTheSpreadOfItsCoefficients() {
    // Slope through depths 8, 20, 32, per layer: coefficients -12/288, 0, 12/288; s = 1, t(6).
    List<Sample> family = List.of(sample(0, 1, 2), sample(5, 6, 7), sample(12, 13, 14));
    Estimate estimate = Estimate.of(family, -12.0 / 288, 0, 12.0 / 288);
    assertThat(estimate.effect()).isCloseTo(0.5, within(1e-12));
    double half = 2.447 * Math.sqrt(2 * Math.pow(12.0 / 288, 2) / 3);
    assertThat(estimate.high() - estimate.effect()).isCloseTo(half, within(1e-4));
  }

  @Test
  void oneSeedHasNoIntervalEvenAmongOthersThatHave() {
    Estimate estimate = Estimate.of(List.of(sample(7), sample(1, 2, 3)), 1, 0);
    assertThat(estimate.effect()).isEqualTo(7);
    assertThat(estimate.hasInterval()).isFalse();
  }

  @Test
  void nothingRunIsNoEffect() {
    assertThatThrownBy(() -> Estimate.of(List.of(sample(), sample(1, 2)), 1, 0))
        .isInstanceOf(MissingEvidenceException.class);
  }

  @Test
  void differencesAreTakenSeedBySeed() {
    Sample difference = sample(11, 102, 1003, 5).minus(sample(10, 100, 1000));
    assertThat(difference.values().values()).containsExactly(1.0, 2.0, 3.0);
    assertThat(sample(4, 8).shareSavedBy(sample(3, 2)).values().values())
        .containsExactly(0.25, 0.75);
  }
}
