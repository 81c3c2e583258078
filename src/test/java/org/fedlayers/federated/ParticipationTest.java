package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParticipationTest {
  private final Randomness randomness = new Randomness(5);

  @Test
  void bernoulliTakesEachClientAtItsRateAndNeverNobody() {
    var tenth = new Participation.Bernoulli(0.1);
    int[] came = new int[50];
    List<Integer> sizes = new ArrayList<>();
    for (int round = 0; round < 4000; round++) {
      int[] cohort = tenth.cohort(50, round, randomness);
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
    var rare = new Participation.Bernoulli(0.01);
    for (int round = 0; round < 200; round++) {
      assertThat(rare.cohort(3, round, randomness)).isNotEmpty();
    }
  }

  @Test
  void fixedTakesSoManyDifferentClients() {
    var four = new Participation.Fixed(4);
    int[] came = new int[10];
    for (int round = 0; round < 3000; round++) {
      int[] cohort = four.cohort(10, round, randomness);
      assertThat(cohort).hasSize(4).doesNotHaveDuplicates().isSorted();
      Arrays.stream(cohort).forEach(client -> came[client]++);
    }
    for (int client = 0; client < 10; client++) {
      assertThat(came[client] / 3000.0).isCloseTo(0.4, within(0.045));
    }
  }

  @Test
  void aCohortDependsOnSeedAndRoundAlone() {
    for (Participation participation :
        List.of(new Participation.Bernoulli(0.3), new Participation.Fixed(5))) {
      int[] cohort = participation.cohort(20, 7, randomness);
      participation.cohort(20, 3, randomness);
      assertThat(participation.cohort(20, 7, new Randomness(5))).containsExactly(cohort);
      assertThat(participation.cohort(20, 8, randomness)).isNotEqualTo(cohort);
      assertThat(participation.cohort(20, 7, new Randomness(6))).isNotEqualTo(cohort);
    }
    assertThat(new Participation.Full().cohort(3, 9, randomness)).containsExactly(0, 1, 2);
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
                LocalTraining.steps(1, 0.1),
                new Participation.Bernoulli(0.3),
                StatisticsPolicy.AVERAGED,
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
    assertThatThrownBy(() -> new Participation.Bernoulli(probability))
        .isInstanceOf(UserError.class);
  }

  @Test
  void refusesCohortsThatCannotBe() {
    assertThatThrownBy(() -> new Participation.Fixed(0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> new Participation.Fixed(4).cohort(3, 0, randomness))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more than the 3 clients");
  }
}
