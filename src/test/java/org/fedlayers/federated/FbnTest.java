package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** FBN: batch normalisation by the server's statistics in training too, beside plain loops. */
class FbnTest {
  private static final DataSet DATA = Pictures.data(6);
  private static final int[][] DEAL = {
    Pictures.range(0, 7), Pictures.range(7, 10), Pictures.range(10, 24)
  };
  private static final Network NETWORK = Pictures.network(Normaliser.BATCH);
  private static final double RATE = 0.1;
  private static final int BATCH = 5;

  private static Federation federation(Executor executor, Method method, ThreadEngine engine) {
    return new Federation(
        Pictures.problem(DATA, DEAL, BATCH, NETWORK, executor),
        new Setting(
            method,
            TrainingSettings.epochs(2, RATE),
            Draws.full(),
            StatisticsPolicy.GLOBAL,
            1,
            Pictures.RANDOMNESS),
        Initialisation.PYTORCH.weights(NETWORK, Pictures.RANDOMNESS),
        NETWORK.freshStatistics(),
        engine,
        ClientMemory.onHeap(),
        true);
  }

  /** The server's weights and statistics, in double. */
  private static final class Naive {
    double[] theta;
    double[] statistics;

    void round(int round, double rho) {
      var images = new NaiveFedAvg(DATA, DEAL, BATCH, NETWORK, Pictures.RANDOMNESS);
      double[] next = new double[theta.length];
      List<double[]> seen = new ArrayList<>();
      for (int client = 0; client < 3; client++) {
        double[] w = theta.clone();
        double[] sum = new double[statistics.length];
        int steps = 0;
        for (int epoch = 2 * round; epoch < 2 * round + 2; epoch++) {
          for (NaiveFedAvg.MiniBatch batch : images.batches(client, epoch)) {
            var first = batch.gradient(NETWORK, w, statistics, Pass.COLLECTING);
            double[] g = first.gradient();
            if (rho > 0) {
              double norm =
                  Math.sqrt(
                      Stream.of(g).flatMapToDouble(java.util.Arrays::stream).map(x -> x * x).sum());
              double[] up = new double[w.length];
              for (int i = 0; i < w.length; i++) {
                up[i] = w[i] + rho * g[i] / norm;
              }
              g = batch.gradient(NETWORK, up, statistics, Pass.FROZEN).gradient();
            }
            for (int i = 0; i < w.length; i++) {
              w[i] -= RATE * g[i];
            }
            for (int i = 0; i < sum.length; i++) {
              sum[i] += first.statistics()[i];
            }
            steps++;
          }
        }
        double p = DEAL[client].length / 24.0;
        for (int i = 0; i < w.length; i++) {
          next[i] += p * w[i];
        }
        for (int i = 0; i < sum.length; i++) {
          sum[i] /= steps;
        }
        seen.add(sum);
      }
      theta = next;
      statistics = moved(seen);
    }

    /** Of each of the two layers, 4 and 6 means, then as many variances. */
    private double[] moved(List<double[]> seen) {
      double[] moved = statistics.clone();
      int[] channels = {4, 6};
      int at = 0;
      for (int layer : channels) {
        for (int c = at; c < at + layer; c++) {
          double mean = 0;
          double square = 0;
          double within = 0;
          for (int client = 0; client < 3; client++) {
            double p = DEAL[client].length / 24.0;
            double own = seen.get(client)[c];
            mean += p * own;
            square += p * own * own;
            within += p * seen.get(client)[c + layer];
          }
          moved[c] = 0.9 * moved[c] + 0.1 * mean;
          moved[c + layer] = 0.9 * moved[c + layer] + 0.1 * (within + square - mean * mean);
        }
        at += 2 * layer;
      }
      return moved;
    }
  }

  static Stream<Arguments> runs() {
    return Stream.of(Executor.AUTO, Executor.GRAPH)
        .flatMap(e -> Stream.of(Arguments.of(e, 0.0), Arguments.of(e, 0.2)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void threeRoundsEqualPlainLoops(Executor executor, double rho) {
    try (var engine = new ThreadEngine(2)) {
      Federation fast = federation(executor, rho > 0 ? new FedSam(rho) : new FedAvg(), engine);
      double[] start = Quadratic.doubles(fast.server().weights());
      var plain = new Naive();
      plain.theta = start;
      plain.statistics = Quadratic.doubles(fast.server().statistics());
      for (int round = 0; round < 3; round++) {
        fast.round();
        plain.round(round, rho);
        assertThat(Quadratic.doubles(fast.server().statistics()))
            .containsExactly(plain.statistics, within(1e-5));
      }
      double moved = Runs.distance(fast.server().weights(), start);
      assertThat(Runs.distance(fast.server().weights(), plain.theta) / moved).isLessThan(1e-4);
      assertThat(moved).isGreaterThan(0.3);
    }
  }

  /** What clients and averages are scored by is what they were trained by. */
  @Test
  void theServersStatisticsAreEverybodys() {
    try (var engine = new ThreadEngine(1)) {
      Federation federation = federation(Executor.AUTO, new FedAvg(), engine);
      List<float[]> before = new ArrayList<>();
      federation.listen(
          new RoundListener() {
            @Override
            public void roundStarted(ServerState server) {
              before.add(server.statistics().clone());
            }

            @Override
            public void clientUpdated(ClientUpdate update) {
              assertThat(update.statistics()).containsExactly(before.get(before.size() - 1));
            }
          });
      federation.round();
      federation.round();
      assertThat(before.get(1)).isNotEqualTo(before.get(0));
      assertThat(federation.average(Average.ALL).statistics())
          .containsExactly(federation.server().statistics());
      federation.trained(
          new int[] {0, 2},
          (client, model) ->
              assertThat(model.statistics()).containsExactly(federation.server().statistics()));
    }
  }

  @Test
  void threadsDoNotChangeAByte() {
    List<ServerState> ends = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      try (var engine = new ThreadEngine(threads)) {
        Federation federation = federation(Executor.AUTO, new FedDyn(0.1), engine);
        federation.round();
        federation.round();
        ends.add(federation.server());
      }
    }
    for (ServerState end : ends) {
      assertThat(end.weights()).containsExactly(ends.get(0).weights());
      assertThat(end.statistics()).containsExactly(ends.get(0).statistics());
    }
  }

  @Test
  void isNoOptionOfFedBn() {
    assertThatThrownBy(
            () ->
                new StatisticsPolicy(
                    StatisticsPolicy.Averaging.MEAN,
                    StatisticsPolicy.Personal.NORMALISERS,
                    1,
                    false,
                    true))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("FedBN");
  }
}
