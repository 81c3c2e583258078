package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReductionTest {

  @ParameterizedTest(name = "{0} rounds: {1} to {2}")
  @CsvSource({"40, 31, 40", "12, 9, 12", "10, 7, 10", "3, 3, 3", "1, 1, 1"})
  void theEndIsTheLastTenPointsWithinTheLastThird(int rounds, int first, int last) {
    double[] points = IntStream.rangeClosed(1, rounds).asDoubleStream().toArray();
    assertThat(Reduction.END.of(points, points)).isEqualTo((first + last) / 2.0);
  }

  @ParameterizedTest(name = "points at {0} times 1 to 10")
  @CsvSource({"1", "100", "0.5"})
  void countsRoundsNotPoints(double apart) {
    double[] values = IntStream.rangeClosed(1, 10).asDoubleStream().toArray();
    double[] rounds = IntStream.rangeClosed(1, 10).mapToDouble(i -> apart * i).toArray();
    assertThat(Reduction.END.of(rounds, values)).isEqualTo(8.5);
  }

  @Test
  void aRunIsAtItsTargetInTheFirstRoundThereOrCensoredAtItsLast() {
    double[] rounds = {10, 20, 30};
    double[] values = {0.1, 0.3, 0.2};
    assertThat(Reduction.roundsTo(0.3).of(rounds, values)).isEqualTo(20);
    assertThat(Reduction.roundsTo(0.25).of(rounds, values)).isEqualTo(17.5);
    assertThat(Reduction.roundsTo(0.05).of(rounds, values)).isEqualTo(10);
    assertThat(Reduction.roundsTo(0.4).of(rounds, values)).isEqualTo(30);
  }

  /** The first round is scored, too, and may lie off the grid. */
  @Test
  void theGridIsOfTheLargestDistanceWhereverItLies() {
    assertThat(Reduction.roundsTo(0.2).of(new double[] {1, 10, 20}, new double[] {0.9, 0.1, 0.3}))
        .isEqualTo(15);
  }

  /** {@code scoring.points: 10} of 25 rounds, and {@code scoring.every: 20} of them. */
  @Test
  void pointsThatMakeNoGridAreAllRead() {
    double[] points = {3, 5, 8, 10, 13, 15, 18, 20, 23, 25};
    double[] values = {0.1, 0.2, 0.3, 0.3, 0.35, 0.4, 0.4, 0.6, 0.6, 0.6};
    assertThat(Reduction.roundsTo(0.5).of(points, values)).isEqualTo(19);
    double[] late = {16, 17, 18, 19, 20, 21, 22, 23, 24, 25};
    double[] rising = IntStream.range(40, 50).mapToDouble(percent -> percent / 100.0).toArray();
    assertThat(Reduction.roundsTo(0.42).of(late, rising)).isEqualTo(18);
    assertThat(Reduction.roundsTo(0.2).of(new double[] {7}, new double[] {0.1})).isEqualTo(7);
  }

  @Test
  void aLayerThatDidNotMoveLeavesNoCorrelation() {
    double[] layers = {1, 2, 3};
    Reduction correlation = Reduction.OF_LAYERS.get("correlation");
    assertThat(correlation.of(layers, new double[] {1, Double.NaN, 3})).isNaN();
    assertThat(correlation.of(layers, new double[] {3, 2, 1})).isEqualTo(1);
  }

  @Test
  void aRoundIsTheOneThatWasScored() {
    double[] rounds = {10, 20};
    double[] values = {0.1, 0.3};
    assertThat(Reduction.at(10).of(rounds, values)).isEqualTo(0.1);
    assertThat(Reduction.at(20).of(rounds, values)).isEqualTo(0.3);
    assertThat(Reduction.at(15).of(rounds, values)).isNaN();
  }

  /** Rounds 91 to 100 of a run are all scored, of the rest every tenth. */
  @Test
  void allRunsAreReadOnTheSameGrid() {
    double[] rounds = {10, 20, 25, 26, 27, 30};
    double[] values = {0.1, 0.2, 0.9, 0.9, 0.9, 0.4};
    assertThat(Reduction.roundsTo(0.3).of(rounds, values)).isEqualTo(25);
  }

  @Test
  void theGainIsThatOfTheLastThird() {
    double[] rounds = {3, 6, 8, 9};
    assertThat(Reduction.GAIN.of(rounds, new double[] {1, 4, 5, 7})).isEqualTo(3);
    assertThat(Reduction.at(6).of(rounds, new double[] {1, 4, 5, 7})).isEqualTo(4);
    assertThat(Reduction.at(5).of(rounds, new double[] {1, 4, 5, 7})).isNaN();
  }

  @Test
  void theBestIgnoresWhatIsNotFinite() {
    assertThat(Reduction.BEST.of(new double[] {1, 2, 3}, new double[] {Double.NaN, 2, 1}))
        .isEqualTo(2);
  }
}
