package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fedlayers.bench.Turns.Contender;
import org.fedlayers.bench.Turns.Timing;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static Timing timing(int repeats, double bound) {
    return new Timing(1, repeats, bound);
  }

  @Test
  void contendersTakeTurnsAndTheOrderTurnsToo() {
    List<String> order = new ArrayList<>();
    Contender first = () -> said(order, "A");
    Contender second = () -> said(order, "B");
    Turns turns = Turns.take(timing(1, 1e-9), first, second);
    assertThat(String.join("", order)).isEqualTo("ABBAABBA");
    assertThat(turns.rates()[0]).containsExactly(1, 4, 5, 8);
    assertThat(turns.rates()[1]).containsExactly(2, 3, 6, 7);
    assertThat(turns.ratio()).containsExactly(1.0 / 2, 4.0 / 3, 5.0 / 6, 8.0 / 7);
  }

  private static double said(List<String> order, String name) {
    order.add(name);
    return order.size();
  }

  @Test
  void theyEndOnceTheRatioIsKnownEvenIfRatesAreNot() {
    AtomicInteger quieter = new AtomicInteger();
    AtomicInteger quiet = new AtomicInteger();
    Contender ours = () -> 100 * quieter.incrementAndGet();
    Contender theirs = () -> 50 * quiet.incrementAndGet();
    assertThat(count(7, 0.01, ours, theirs)).isEqualTo(7);
    assertThat(count(7, 0.01, ours, null)).isEqualTo(28);
  }

  /** Fewer than six turns tell nothing; a bound that is never reached ends at the most. */
  @Test
  void theyAreRepeatedUntilTheMedianIsKnown() {
    AtomicInteger turn = new AtomicInteger();
    Contender disturbedOnce = () -> turn.incrementAndGet() == 5 ? 50 : 100;
    Contender unsteady = () -> turn.incrementAndGet() % 2;
    assertThat(count(2, 0.01, () -> 1, null)).isEqualTo(6);
    assertThat(count(1, 0.01, () -> 1, null)).isEqualTo(4);
    assertThat(count(6, 0.01, disturbedOnce, null)).isEqualTo(9);
    assertThat(count(6, 0.01, unsteady, null)).isEqualTo(24);
  }

  private static int count(int repeats, double bound, Contender first, Contender second) {
    return Turns.take(timing(repeats, bound), first, second).rates()[0].length;
  }

  /** By the tables of the sign test: from the k-th least to the k-th greatest. */
  @Test
  void theIntervalOfTheMedianLiesBetweenTheSignTestsValues() {
    assertThat(Turns.width(1, 2, 3, 4, 5)).isInfinite();
    assertThat(width(6)).isEqualTo((6 - 1) / 3.5, within(1e-12)); // k = 1
    assertThat(width(8)).isEqualTo((8 - 1) / 4.5, within(1e-12)); // k = 1
    assertThat(width(9)).isEqualTo((8 - 2) / 5.0, within(1e-12)); // k = 2
    assertThat(width(20)).isEqualTo((15 - 6) / 10.5, within(1e-12)); // k = 6
    assertThat(width(25)).isEqualTo((18 - 8) / 13.0, within(1e-12)); // k = 8
  }

  private static double width(int count) {
    double[] down = IntStream.rangeClosed(1, count).mapToDouble(i -> count + 1 - i).toArray();
    assertThat(Turns.median(down)).isEqualTo(Arrays.stream(down).average().orElseThrow());
    return Turns.width(down);
  }
}
