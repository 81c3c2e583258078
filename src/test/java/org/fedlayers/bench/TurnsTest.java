package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  @Test
  void contendersTakeTurnsAndTheOrderTurnsToo() {
    List<String> order = new ArrayList<>();
    Measured first = () -> said(order, "A");
    Measured second = () -> said(order, "B");
    Turns turns = Turns.take(3, List.of(first, second));
    assertThat(String.join("", order)).isEqualTo("ABBAAB");
    assertThat(turns.rates().get(0)).containsExactly(1, 4, 5);
    assertThat(turns.rates().get(1)).containsExactly(2, 3, 6);
  }

  private static double said(List<String> order, String name) {
    order.add(name);
    return order.size();
  }

  @Test
  void ratiosAreTakenTurnByTurn() {
    Turns turns = new Turns(List.of(new double[] {10, 40, 9}, new double[] {5, 10, 6}));
    assertThat(turns.ratio(0, 1)).isEqualTo(new Spread(2, 1.5, 4));
    assertThat(turns.rate(0)).isEqualTo(new Spread(10, 9, 40));
    assertThat(Spread.of(4, 1, 2, 3).median()).isEqualTo(2.5);
  }
}
