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
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The round loop against plain loops in double precision. */
class RoundTest {
  private final Quadratic unequal = Quadratic.of(6, 10, 40, 30).withBatches(3);

  private final Engine two = new ThreadEngine(2);

  @AfterEach
  void close() {
    two.close();
  }

  /** A round of equal steps processes equally many images. */
  @Test
  void decayByImagesFollowsTheServersCount() {
    TrainingSettings byRound = TrainingSettings.steps(4, 0.1).with("decay", 0.5);
    ServerState expected = Runs.after(3, unequal, new FedAvg(), byRound);
    TrainingSettings byImages =
        byRound.with("decay-by", "samples").with("decay-every", expected.samples() / 3);
    assertThat(Runs.after(3, unequal, new FedAvg(), byImages).weights())
        .containsExactly(expected.weights());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, RESET",
    "0.9, 0, 0, RESET",
    "0.9, 0, 0, LOCAL",
    "0.9, 0, 0, GLOBAL",
    "0, 0.7, 0.3, RESET",
    "0.8, 0.7, 0.3, GLOBAL"
  })
  void equalsPlainFedAvgWithEverySwitch(
      double momentum, double clip, double decay, TrainingSettings.Momentum buffers) {
    TrainingSettings training =
        TrainingSettings.steps(4, 0.1)
            .with("momentum", momentum)
            .with("buffers", buffers)
            .with("clip", clip)
            .with("weight-decay", decay)
            .with("decay", 0.9);
    Federation federation = Runs.federation(unequal, Runs.setting(new FedAvg(), training), two);
    double[] theta = Quadratic.doubles(federation.server().weights());
    int n = theta.length;
    double[][] velocity = new double[3][n];
    for (int round = 0; round < 4; round++) {
      double rate = 0.1 * Math.pow(0.9, round);
      double[] mean = new double[n];
      double[] meanVelocity = new double[n];
      for (int client = 0; client < 3; client++) {
        double p = unequal.samples(client) / 80.0;
        double[] w = theta.clone();
        double[] v = buffers == TrainingSettings.Momentum.RESET ? new double[n] : velocity[client];
        for (int step = 4 * round; step < 4 * round + 4; step++) {
          double[] g = unequal.gradient(client, step, w);
          double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
          double factor = clip > 0 && norm > clip ? clip / norm : 1;
          for (int i = 0; i < n; i++) {
            v[i] = momentum * v[i] + factor * g[i] + decay * w[i];
            w[i] -= rate * v[i];
          }
        }
        for (int i = 0; i < n; i++) {
          mean[i] += p * w[i];
          meanVelocity[i] += p * v[i];
        }
      }
      if (buffers == TrainingSettings.Momentum.GLOBAL) {
        Arrays.setAll(velocity, client -> meanVelocity.clone());
      }
      theta = mean;
      federation.round();
      assertThat(Quadratic.doubles(federation.server().weights()))
          .as("round %d", round)
          .containsExactly(theta, within(2e-6));
    }
    assertThat(federation.server().steps()).isEqualTo(16);
    assertThat(federation.server().samples()).isEqualTo(16 * (3 + 13 + 10));
  }

  @Test
  void aggregatesInTheCohortsOrderWhoeverEndsFirst() {
    Quadratic slow = Quadratic.of(5, 1, 1, 1, 1, 1, 1);
    slow.beforeStep =
        client -> {
          sleep(client % 2 == 0 ? 20 : 0);
          return client;
        };
    List<Integer> order = new ArrayList<>();
    try (var engine = new ThreadEngine(4)) {
      var federation =
          Runs.federation(slow, Runs.setting(new FedAvg(), TrainingSettings.steps(1, 0.1)), engine);
      federation.listen(
          new RoundListener() {
            @Override
            public void clientUpdated(ClientUpdate update) {
              order.add(update.client());
            }
          });
      federation.round();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesAClientWithoutSamples() {
    Quadratic empty = Quadratic.of(2, 3, 0);
    Setting setting = Runs.setting(new FedAvg(), TrainingSettings.steps(1, 0.1));
    assertThatThrownBy(() -> Runs.after(1, empty, setting))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("client 1 has no samples");
  }

  @Test
  void aFailureLeavesTheFederationAsItWas() {
    try (var engine = new ThreadEngine(2)) {
      TrainingSettings kept =
          TrainingSettings.steps(2, 0.1)
              .with("momentum", 0.9)
              .with("buffers", TrainingSettings.Momentum.LOCAL);
      var federation = Runs.federation(unequal, Runs.setting(new FedAvg(), kept), engine);
      federation.round();
      ServerState before = federation.server();
      float[] weights = before.weights().clone();
      float[] buffer = federation.memory().get(0, LocalTrainer.MOMENTUM).clone();
      unequal.beforeStep =
          client -> {
            if (client == 2) {
              throw new IllegalStateException("the third client's machine broke");
            }
            return client;
          };
      long held = federation.memory().heapBytes();
      assertThatThrownBy(federation::round)
          .hasMessageContaining("client 2 failed in round 2: ")
          .hasMessageContaining("broke");
      assertThat(federation.memory().heapBytes()).as("nothing stays staged").isEqualTo(held);
      assertThat(federation.server()).isSameAs(before);
      assertThat(before.weights()).containsExactly(weights);
      assertThat(federation.memory().get(0, LocalTrainer.MOMENTUM)).containsExactly(buffer);
      unequal.beforeStep = client -> client;
      federation.round();
      assertThat(federation.server().weights())
          .containsExactly(Runs.after(2, unequal, new FedAvg(), kept).weights());
    }
  }

  @Test
  void divergenceIsItsOwnException() {
    TrainingSettings wild = TrainingSettings.steps(50, 1000);
    assertThatThrownBy(() -> Runs.after(3, unequal, new FedAvg(), wild))
        .isInstanceOfSatisfying(
            DivergedException.class, diverged -> assertThat(diverged.round()).isEqualTo(1))
        .hasMessageContaining("of client 0");
  }

  @Test
  void threadsAndOtherRunsOnTheSameEngineDoNotChangeAByte() throws Exception {
    Setting setting =
        new Setting(
            new FedAvg(),
            TrainingSettings.epochs(2, 0.1),
            Draws.bernoulli(0.4),
            StatisticsPolicy.AVERAGED,
            1,
            new Randomness(3));
    Quadratic many = Quadratic.of(9, 5, 9, 2, 4, 8, 8, 1, 3, 3, 6).withBatches(2);
    ServerState alone = Runs.after(6, many, setting);
    try (var engine = new ThreadEngine(3)) {
      List<Federation> together = new ArrayList<>();
      List<Thread> runs = new ArrayList<>();
      for (int run = 0; run < 3; run++) {
        Federation federation = Runs.federation(many, setting, engine);
        together.add(federation);
        Thread thread =
            new Thread(
                () -> {
                  for (int round = 0; round < 6; round++) {
                    federation.round();
                  }
                });
        runs.add(thread);
        thread.start();
      }
      for (Thread thread : runs) {
        thread.join();
      }
      for (Federation federation : together) {
        assertThat(federation.server().weights()).containsExactly(alone.weights());
        assertThat(federation.server().statistics()).containsExactly(alone.statistics());
        assertThat(federation.average(Average.ALL).weights())
            .containsExactly(together.get(0).average(Average.ALL).weights());
      }
    }
  }

  @Test
  void scoresTheThreeAverages() {
    Setting setting =
        new Setting(
            new FedAvg(),
            TrainingSettings.steps(3, 0.1),
            Draws.fixed(1),
            StatisticsPolicy.AVERAGED,
            1,
            new Randomness(1));
    try (var engine = new ThreadEngine(1)) {
      var federation = Runs.federation(unequal, setting, engine);
      double[] start = Quadratic.doubles(federation.server().weights());
      int client = federation.round().cohort()[0];
      double[] trained = Quadratic.doubles(federation.average(Average.COHORT).weights());
      double p = unequal.samples(client) / 80.0;
      double[] all = new double[start.length];
      Arrays.setAll(all, i -> p * trained[i] + (1 - p) * start[i]);
      assertThat(Quadratic.doubles(federation.average(Average.ALL).weights()))
          .containsExactly(all, within(1e-6));
      assertThat(federation.average(Average.SERVER).weights())
          .containsExactly(federation.average(Average.COHORT).weights());
      Score score = federation.score(Average.SERVER);
      assertThat(score.samples()).isEqualTo(80);
      assertThat(score.meanLoss()).isPositive();
    }
  }

  @Test
  void refusesSlotsThatAreNotDeclared() {
    record Silent() implements Method {
      @Override
      public Slots slots() {
        return new Slots(java.util.Set.of(), java.util.Set.of(), java.util.Set.of("news"));
      }
    }
    TrainingSettings training = TrainingSettings.steps(1, 0.1);
    assertThatThrownBy(() -> Runs.after(1, unequal, new Silent(), training))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("upload 'news'");
    assertThatThrownBy(
            () -> new ServerView(new float[1], Method.Slots.NONE, Map.of()).slot("nowhere"))
        .isInstanceOf(UserError.class);
  }
}
