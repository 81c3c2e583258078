package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParticipationTest {
  private final Randomness randomness = new Randomness(5);

  @Test
  void bernoulliTakesEachClientAtItsRateAndNeverNobody() {
    var tenth = Draws.bernoulli(0.1);
    int[] came = new int[50];
    List<Integer> sizes = new ArrayList<>();
    for (int round = 0; round < 4000; round++) {
      int[] cohort = tenth.cohort(new int[50], round, randomness);
      Arrays.stream(cohort).forEach(client -> came[client]++);
      sizes.add(cohort.length);
    }
    // 0.1 / (1 - 0.9^50), since empty draws are repeated; five standard deviations of 4,000 draws.
    for (int client = 0; client < 50; client++) {
      assertThat(came[client] / 4000.0).isCloseTo(0.1005, within(0.024));
    }
    assertThat(sizes.stream().mapToInt(Integer::intValue).average().orElse(0))
        .isCloseTo(5.026, within(0.17));
    assertThat(sizes.stream().distinct().count()).isGreaterThan(8);
    assertThat(sizes).doesNotContain(0);
  }

  @Test
  void bernoulliDrawsAgainWhileNobodyCame() {
    var rare = Draws.bernoulli(0.01);
    for (int round = 0; round < 200; round++) {
      assertThat(rare.cohort(new int[3], round, randomness)).isNotEmpty();
    }
  }

  @Test
  void fixedTakesSoManyDifferentClients() {
    var four = Draws.fixed(4);
    int[] came = new int[10];
    for (int round = 0; round < 3000; round++) {
      int[] cohort = four.cohort(new int[10], round, randomness);
      assertThat(cohort).hasSize(4).doesNotHaveDuplicates().isSorted();
      Arrays.stream(cohort).forEach(client -> came[client]++);
    }
    for (int client = 0; client < 10; client++) {
      assertThat(came[client] / 3000.0).isCloseTo(0.4, within(0.045));
    }
  }

  @Test
  void bySizeDrawsWithReplacementInProportionToImages() {
    int[] samples = {1, 0, 6, 3};
    var five = Draws.bySize(5);
    int[] came = new int[4];
    boolean twice = false;
    for (int round = 0; round < 2000; round++) {
      int[] drawn = five.cohort(samples, round, randomness);
      assertThat(drawn).hasSize(5).isSorted();
      Arrays.stream(drawn).forEach(client -> came[client]++);
      twice |= Arrays.stream(drawn).distinct().count() < 5;
    }
    assertThat(twice).isTrue();
    // Five standard deviations of 10,000 draws are below 0.025.
    for (int client = 0; client < 4; client++) {
      assertThat(came[client] / 10000.0).isCloseTo(samples[client] / 10.0, within(0.025));
    }
  }

  @Test
  void bySizeAveragesDraws() {
    Quadratic problem = Quadratic.of(3, 1, 6, 3, 20);
    var six = Draws.bySize(6);
    try (var engine = new ThreadEngine(1)) {
      Federation federation = Runs.federation(problem, setting(new FedAvg(), six), engine);
      int[] drawn = six.cohort(problem.samples, 0, randomness);
      double[] mean = new double[3];
      federation.listen(
          new RoundListener() {
            @Override
            public void clientUpdated(ClientUpdate update) {
              long times = Arrays.stream(drawn).filter(each -> each == update.client()).count();
              for (int i = 0; i < 3; i++) {
                mean[i] += times / 6.0 * update.delta()[i];
              }
            }
          });
      float[] before = federation.server().weights();
      int[] cohort = federation.round().cohort();
      assertThat(cohort)
          .hasSizeLessThan(6)
          .containsExactly(Arrays.stream(drawn).distinct().toArray());
      for (int i = 0; i < 3; i++) {
        assertThat(federation.server().weights()[i])
            .isCloseTo((float) (before[i] + mean[i]), within(1e-6f));
      }
    }
  }

  private Setting setting(Method method, FederationSettings participation) {
    return new Setting(
        method,
        TrainingSettings.steps(8, 0.1),
        participation,
        StatisticsPolicy.AVERAGED,
        1,
        randomness);
  }

  @Test
  void bySizeIsRefusedWhereTheServerKeepsAMeanOfClients() {
    for (var entry : Methods.ALL.all().stream().filter(Registry.Entry::builtIn).toList()) {
      Method method = Methods.ALL.make(entry.name(), Map.of());
      boolean refused =
          Setting.conflict(method, TrainingSettings.steps(1, 1), Draws.bySize(2)).isPresent();
      assertThat(refused)
          .as(entry.name())
          .isEqualTo(entry.name().matches("scaffold|feddyn|feddc|fedspeed"));
    }
  }

  @Test
  void someOfThoseDrawnDropOutAndNeverAll() {
    int[] came = new int[10];
    var drawn = Draws.fixed(5);
    for (int round = 0; round < 3000; round++) {
      int[] left = Draws.unreliable(drawn, 0.4, 0).cohort(new int[10], round, randomness);
      assertThat(left).isNotEmpty().isSorted();
      assertThat(drawn.cohort(new int[10], round, randomness)).contains(left);
      Arrays.stream(left).forEach(client -> came[client]++);
      assertThat(Draws.unreliable(drawn, 0.99, 0).cohort(new int[10], round, randomness))
          .isNotEmpty();
    }
    // 1/2 of being drawn times 0.6 of staying, over 1 - 0.4^5 of somebody's staying.
    for (int client = 0; client < 10; client++) {
      assertThat(came[client] / 3000.0).isCloseTo(0.3 / (1 - Math.pow(0.4, 5)), within(0.042));
    }
  }

  @Test
  void stragglersTakeFromOneToAllSteps() {
    var half = Draws.unreliable(Draws.full(), 0, 0.5);
    int[] taken = new int[9];
    for (int round = 0; round < 800; round++) {
      for (int client = 0; client < 10; client++) {
        taken[half.steps(client, round, 8, randomness)]++;
      }
    }
    // 1/16 for each number of steps and 1/2 more for all.
    assertThat(taken[0]).isZero();
    for (int steps = 1; steps < 8; steps++) {
      assertThat(taken[steps] / 8000.0).isCloseTo(1 / 16.0, within(0.014));
    }
    assertThat(taken[8] / 8000.0).isCloseTo(9 / 16.0, within(0.028));
  }

  @Test
  void unreliableClientsAreTheSameOnAnyNumberOfThreads() {
    Quadratic problem = Quadratic.of(5, 4, 9, 2, 7, 7, 3, 3, 8).withBatches(2);
    for (FederationSettings drawn : List.of(Draws.full(), Draws.bySize(5), Draws.fixed(6))) {
      Setting setting = setting(new FedAvg(), Draws.unreliable(drawn, 0.3, 0.5));
      List<Integer> steps = new ArrayList<>();
      List<float[]> ends = new ArrayList<>();
      for (int threads : new int[] {1, 3}) {
        try (var engine = new ThreadEngine(threads)) {
          Federation federation = Runs.federation(problem, setting, engine);
          federation.listen(
              new RoundListener() {
                @Override
                public void clientUpdated(ClientUpdate update) {
                  steps.add(update.steps());
                }
              });
          for (int round = 0; round < 6; round++) {
            federation.round();
          }
          ends.add(federation.server().weights());
        }
      }
      assertThat(ends.get(1)).containsExactly(ends.get(0));
      assertThat(steps).contains(8).anyMatch(taken -> taken < 8);
      assertThat(ends.get(0))
          .isNotEqualTo(Runs.after(6, problem, setting(new FedAvg(), drawn)).weights());
    }
  }

  @Test
  void aCohortDependsOnSeedAndRoundAlone() {
    for (FederationSettings participation :
        List.of(Draws.bernoulli(0.3), Draws.fixed(5), Draws.unreliable(Draws.full(), 0.5, 0.5))) {
      int[] cohort = participation.cohort(new int[20], 7, randomness);
      participation.cohort(new int[20], 3, randomness);
      assertThat(participation.cohort(new int[20], 7, new Randomness(5))).containsExactly(cohort);
      assertThat(participation.cohort(new int[20], 8, randomness)).isNotEqualTo(cohort);
      assertThat(participation.cohort(new int[20], 7, new Randomness(6))).isNotEqualTo(cohort);
    }
    assertThat(Draws.full().cohort(new int[3], 9, randomness)).containsExactly(0, 1, 2);
  }

  @Test
  void everyMethodSeesTheSameClients() {
    Quadratic problem = Quadratic.of(3, 5, 5, 5, 5, 5, 5);
    List<List<Integer>> seen = new ArrayList<>();
    try (var engine = new ThreadEngine(1)) {
      for (Method method : List.of(new FedAvg(), new FedDc(0.1), new FedSam(0.1))) {
        Setting setting =
            new Setting(
                method,
                TrainingSettings.steps(1, 0.1),
                Draws.bernoulli(0.3),
                StatisticsPolicy.AVERAGED,
                1,
                randomness);
        Federation federation = Runs.federation(problem, setting, engine);
        List<Integer> clients = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
          Arrays.stream(federation.round().cohort()).forEach(clients::add);
        }
        seen.add(clients);
      }
    }
    assertThat(seen).containsOnly(seen.get(0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void refusesProbabilitiesThatAreNone(double probability) {
    assertThatThrownBy(() -> Draws.bernoulli(probability)).isInstanceOf(UserError.class);
  }

  @Test
  void refusesCohortsThatCannotBe() {
    assertThatThrownBy(() -> Draws.fixed(0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cohort is 0, expected a whole number from 1");
    assertThatThrownBy(() -> Draws.fixed(4).cohort(new int[3], 0, randomness))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more than the 3 clients");
  }
}
