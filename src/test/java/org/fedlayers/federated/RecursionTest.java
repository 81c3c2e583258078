package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each method's equation, written down again in plain double loops. */
class RecursionTest {
  private static final Quadratic PROBLEM = Quadratic.of(5, 10, 30);
  private static final int N = 5;
  private static final double DECAY = 0.02;
  private static final TrainingSettings TRAINING =
      TrainingSettings.steps(3, 0.1).with("weight-decay", DECAY).with("decay", 0.8);

  /** A client's step by hand: the direction within the clip, by client and weights. */
  private interface Direction {
    double[] at(int client, double[] weights, double[] theta);
  }

  /** The federation's weights, then two clients' by hand from there, one round. */
  private static double[][] byHand(
      double[] theta, int round, double clip, double extraDecay, Direction direction) {
    double rate = 0.1 * Math.pow(0.8, round);
    double[][] ends = new double[2][];
    for (int client = 0; client < 2; client++) {
      double[] w = theta.clone();
      for (int step = 0; step < 3; step++) {
        double[] d = direction.at(client, w, theta);
        double norm = norm(d);
        double factor = clip > 0 && norm > clip ? clip / norm : 1;
        for (int i = 0; i < N; i++) {
          w[i] -= rate * (factor * d[i] + (DECAY + extraDecay) * w[i]);
        }
      }
      ends[client] = w;
    }
    return ends;
  }

  private static double norm(double[] v) {
    return Math.sqrt(Arrays.stream(v).map(x -> x * x).sum());
  }

  private static double[] gradient(int client, double[] at) {
    return PROBLEM.gradient(client, 0, at);
  }

  /** Gradient at the worst point within rho. */
  private static double[] ascended(int client, double[] at, double rho) {
    double[] g = gradient(client, at);
    double[] up = new double[N];
    Arrays.setAll(up, i -> at[i] + rho * g[i] / norm(g));
    return gradient(client, up);
  }

  private static double mean(double[][] ends, int i) {
    return 0.25 * ends[0][i] + 0.75 * ends[1][i];
  }

  /** Four rounds of the method against four by hand, with and without an active clip. */
  private static Federation assertFollows(Method method, double clip, ByHand byHand) {
    try (var engine = new ThreadEngine(1)) {
      Federation federation =
          Runs.federation(PROBLEM, Runs.setting(method, TRAINING.with("clip", clip)), engine);
      double[] theta = Quadratic.doubles(federation.server().weights());
      for (int round = 0; round < 4; round++) {
        theta = byHand.round(theta, round);
        federation.round();
        assertThat(Quadratic.doubles(federation.server().weights()))
            .as("%s, round %d", method, round)
            .containsExactly(theta, within(5e-6));
      }
      return federation;
    }
  }

  private interface ByHand {
    double[] round(double[] theta, int round);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void fedProx(double clip) {
    assertFollows(
        new FedProx(0.7),
        clip,
        (theta, round) -> {
          double[][] ends =
              byHand(
                  theta,
                  round,
                  clip,
                  0,
                  (client, w, start) -> {
                    double[] d = gradient(client, w);
                    Arrays.setAll(d, i -> d[i] + 0.7 * (w[i] - start[i]));
                    return d;
                  });
          return means(ends);
        });
  }

  private static double[] means(double[][] ends) {
    double[] mean = new double[N];
    Arrays.setAll(mean, i -> mean(ends, i));
    return mean;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void fedSam(double clip) {
    assertFollows(
        new FedSam(0.3),
        clip,
        (theta, round) ->
            means(byHand(theta, round, clip, 0, (client, w, start) -> ascended(client, w, 0.3))));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void scaffold(double clip) {
    double[][] own = new double[2][N];
    double[] all = new double[N];
    Federation federation =
        assertFollows(
            new Scaffold(0.6),
            clip,
            (theta, round) -> {
              double[][] ends =
                  byHand(
                      theta,
                      round,
                      clip,
                      0,
                      (client, w, start) -> {
                        double[] d = gradient(client, w);
                        Arrays.setAll(d, i -> d[i] - own[client][i] + all[i]);
                        return d;
                      });
              moveVariates(own, all, theta, ends, round);
              double[] next = new double[N];
              Arrays.setAll(next, i -> theta[i] + 0.6 * (mean(ends, i) - theta[i]));
              return next;
            });
    // Only c - c_i shows in the steps while everybody takes part; later it matters what each is.
    for (int client = 0; client < 2; client++) {
      assertThat(Quadratic.doubles(federation.memory().get(client, "variate")))
          .containsExactly(own[client], within(2e-5));
    }
    assertThat(Quadratic.doubles(federation.server().slots().get("variate")))
        .containsExactly(all, within(2e-5));
  }

  private static void moveVariates(
      double[][] own, double[] all, double[] theta, double[][] ends, int round) {
    double rate = 0.1 * Math.pow(0.8, round);
    for (int i = 0; i < N; i++) {
      for (int client = 0; client < 2; client++) {
        own[client][i] += -all[i] + (theta[i] - ends[client][i]) / (3 * rate);
      }
    }
    // All clients take part, so c is the weighted mean of all c_i.
    for (int i = 0; i < N; i++) {
      all[i] = mean(own, i);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void fedSpeedAndFedDyn(double clip) {
    for (double rho : new double[] {0, 0.3}) {
      double alpha = 0.4;
      double[][] drift = new double[2][N];
      assertFollows(
          rho == 0 ? new FedDyn(alpha) : new FedSpeed(rho, alpha),
          clip,
          (theta, round) -> {
            double[][] ends =
                byHand(
                    theta,
                    round,
                    clip,
                    alpha,
                    (client, w, start) -> {
                      double[] d = ascended(client, w, rho);
                      Arrays.setAll(d, i -> d[i] + alpha * (drift[client][i] - start[i]));
                      return d;
                    });
            return meansPlusDrift(theta, ends, drift);
          });
    }
  }

  private static double[] meansPlusDrift(double[] theta, double[][] ends, double[][] drift) {
    double[] next = new double[N];
    for (int i = 0; i < N; i++) {
      for (int client = 0; client < 2; client++) {
        drift[client][i] += ends[client][i] - theta[i];
      }
      next[i] = mean(ends, i) + mean(drift, i);
    }
    return next;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void fedDc(double clip) {
    double alpha = 0.4;
    double[][] drift = new double[2][N];
    double[][] own = new double[2][N];
    double[] all = new double[N];
    assertFollows(
        new FedDc(alpha),
        clip,
        (theta, round) -> {
          double[][] ends =
              byHand(
                  theta,
                  round,
                  clip,
                  0,
                  (client, w, start) -> {
                    double[] d = gradient(client, w);
                    for (int i = 0; i < N; i++) {
                      d[i] += alpha * (w[i] - (start[i] - drift[client][i]));
                      d[i] += all[i] - own[client][i];
                    }
                    return d;
                  });
          moveVariates(own, all, theta, ends, round);
          return meansPlusDrift(theta, ends, drift);
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void fedCmAndMoFedSam(double clip) {
    for (double rho : new double[] {0, 0.3}) {
      double alpha = 0.3;
      double globalRate = rho == 0 ? 0.7 : 1;
      double[] last = new double[N];
      assertFollows(
          rho == 0 ? new FedCm(alpha, globalRate) : new MoFedSam(rho, alpha),
          clip,
          (theta, round) -> {
            double[][] ends =
                byHand(
                    theta,
                    round,
                    clip,
                    0,
                    (client, w, start) -> {
                      double[] d = ascended(client, w, rho);
                      Arrays.setAll(d, i -> alpha * d[i] + (1 - alpha) * last[i]);
                      return d;
                    });
            double rate = 0.1 * Math.pow(0.8, round);
            double[] next = new double[N];
            for (int i = 0; i < N; i++) {
              double change = mean(ends, i) - theta[i];
              last[i] = -change / (3 * rate);
              next[i] = theta[i] + globalRate * change;
            }
            return next;
          });
    }
  }

  @Test
  void fedAvgM() {
    double[] velocity = new double[N];
    assertFollows(
        new FedAvgM(0.7),
        0,
        (theta, round) -> {
          double[][] ends = byHand(theta, round, 0, 0, (client, w, start) -> gradient(client, w));
          double[] next = new double[N];
          for (int i = 0; i < N; i++) {
            velocity[i] = 0.7 * velocity[i] + theta[i] - mean(ends, i);
            next[i] = theta[i] - velocity[i];
          }
          return next;
        });
  }

  /** Second moments of Reddi et al., 2021, from v, the square of m+ and beta2 = 0.8. */
  private enum Adaptive {
    ADAM(new FedAdam(0.05, 0.6, 0.8, 0.01)) {
      @Override
      double second(double v, double square) {
        return 0.8 * v + 0.2 * square;
      }
    },
    YOGI(new FedYogi(0.05, 0.6, 0.8, 0.01)) {
      @Override
      double second(double v, double square) {
        return v > square ? v - 0.2 * square : v + 0.2 * square;
      }
    },
    ADAGRAD(new FedAdagrad(0.05, 0.6, 0.01)) {
      @Override
      double second(double v, double square) {
        return v + square;
      }
    };

    private final Method method;

    Adaptive(Method method) {
      this.method = method;
    }

    abstract double second(double v, double square);
  }

  @ParameterizedTest
  @EnumSource
  void adaptiveServers(Adaptive adaptive) {
    double[] m = new double[N];
    double[] v = new double[N];
    Arrays.fill(v, 1e-4);
    assertFollows(
        adaptive.method,
        0,
        (theta, round) -> {
          double[][] ends = byHand(theta, round, 0, 0, (client, w, start) -> gradient(client, w));
          double[] next = new double[N];
          for (int i = 0; i < N; i++) {
            m[i] = 0.6 * m[i] + 0.4 * (mean(ends, i) - theta[i]);
            v[i] = adaptive.second(v[i], m[i] * m[i]);
            next[i] = theta[i] + 0.05 * m[i] / (Math.sqrt(v[i]) + 0.01);
          }
          return next;
        });
  }

  @Test
  void refusesMomentumWherePlainSgdIsAssumed() {
    for (Method method :
        List.of(new Scaffold(1), new FedDc(0.1), new FedCm(0.1, 1), new MoFedSam(0.1, 0.1))) {
      for (TrainingSettings.Momentum buffers : TrainingSettings.Momentum.values()) {
        assertThatThrownBy(
                () -> Runs.setting(method, TRAINING.with("momentum", 0.9).with("buffers", buffers)))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("plain SGD")
            .hasMessageContaining("set momentum to 0");
      }
    }
    for (Method method : List.of(new FedAvg(), new FedDyn(0.1), new FedNtd(1, 1))) {
      Runs.setting(
          method, TRAINING.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.LOCAL));
    }
  }
}
