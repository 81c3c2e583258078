package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndOfRunTest {

  @ParameterizedTest(name = "{0} rounds: {1} to {2}")
  @CsvSource({"40, 31, 40", "12, 9, 12", "10, 7, 10", "3, 3, 3", "1, 1, 1"})
  void isTheLastTenPointsWithinTheLastThird(int rounds, int first, int last) {
    List<Integer> points = IntStream.rangeClosed(1, rounds).boxed().toList();
    assertThat(EndOfRun.of(points, point -> point))
        .isEqualTo(IntStream.rangeClosed(first, last).boxed().toList());
  }

  @ParameterizedTest(name = "points at {0} times 1 to 10")
  @CsvSource({"1", "100", "0.5"})
  void countsRoundsNotPoints(double apart) {
    List<Integer> points = IntStream.rangeClosed(1, 10).boxed().toList();
    assertThat(EndOfRun.of(points, point -> apart * point)).containsExactly(7, 8, 9, 10);
  }
}
