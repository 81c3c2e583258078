package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.junit.jupiter.api.Test;

/**
 * What every method of weights alone keeps to. A test of a new method extends this:
 *
 * <pre>{@code
 * class FedHalfTest extends MethodContract {
 *   @Override
 *   Method method() {
 *     return new FedHalf(0.5);
 *   }
 *
 *   @Override
 *   Optional<Method> vanishing() {
 *     return Optional.of(new FedHalf(1));
 *   }
 * }
 * }</pre>
 */
abstract class MethodContract {
  private static final int ROUNDS = 5;
  private static final Quadratic PROBLEM = Quadratic.of(11, 5, 60, 10, 25, 8).withBatches(3);

  /** With coefficients that matter. */
  abstract Method method();

  /** With coefficients with which it is FedAvg, to the last bit; empty if there are none. */
  abstract Optional<Method> vanishing();

  private static Setting setting(Method method) {
    return new Setting(
        method,
        TrainingSettings.epochs(2, 0.05).with("clip", 3).with("weight-decay", 0.01),
        Draws.bernoulli(0.6),
        StatisticsPolicy.AVERAGED,
        1,
        new Randomness(1));
  }

  private static Federation run(Method method, Engine engine, RoundListener listener) {
    Federation federation = Runs.federation(PROBLEM, setting(method), engine).listen(listener);
    for (int round = 0; round < ROUNDS; round++) {
      federation.round();
    }
    return federation;
  }

  private static ServerState server(Method method, int workers) {
    try (var engine = new ThreadEngine(workers)) {
      return run(method, engine, new RoundListener() {}).server();
    }
  }

  /** A name that is not declared is refused where it is used; here, none is declared in vain. */
  @Test
  void everyDeclaredSlotIsUsed() {
    Method method = method();
    Set<Integer> came = new HashSet<>();
    try (var engine = new ThreadEngine(1)) {
      Federation federation =
          run(
              method,
              engine,
              new RoundListener() {
                @Override
                public void clientUpdated(ClientUpdate update) {
                  came.add(update.client());
                  assertThat(update.uploads().keySet())
                      .containsExactlyInAnyOrderElementsOf(method.slots().upload());
                }
              });
      assertThat(federation.server().slots().keySet())
          .containsExactlyInAnyOrderElementsOf(method.slots().server());
      for (String slot : method.slots().client()) {
        for (int client : came) {
          assertThat(federation.memory().get(client, slot)).as(slot).isNotNull();
        }
      }
    }
  }

  @Test
  void vanishingCoefficientsGiveFedAvg() {
    assumeThat(vanishing()).as("coefficients with which it is FedAvg").isPresent();
    ServerState fedAvg = server(new FedAvg(), 1);
    ServerState same = server(vanishing().orElseThrow(), 1);
    assertThat(same.weights()).containsExactly(fedAvg.weights());
    assertThat(same.cohortWeights()).containsExactly(fedAvg.cohortWeights());
    assertThat(same.statistics()).containsExactly(fedAvg.statistics());
    assertThat(server(method(), 1).weights())
        .as("the coefficients of method() matter")
        .isNotEqualTo(fedAvg.weights());
  }

  @Test
  void twoWorkersGiveTheBytesOfOne() {
    assertTwoWorkersGiveTheBytesOfOne(method());
  }

  static void assertTwoWorkersGiveTheBytesOfOne(Method method) {
    ServerState one = server(method, 1);
    ServerState two = server(method, 2);
    assertThat(two.weights()).containsExactly(one.weights());
    assertThat(two.statistics()).containsExactly(one.statistics());
    one.slots().forEach((name, vector) -> assertThat(two.slot(name)).containsExactly(vector));
  }
}
