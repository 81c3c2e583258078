package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdamWTest {
  private static final TrainingSettings TRAINING =
      TrainingSettings.epochs(2, 0.05)
          .with("optimiser", TrainingSettings.Optimiser.ADAMW)
          .with("weight-decay", 0.1);

  /** The paper's algorithm in double precision, one client, moments anew each round or kept. */
  private static double[] plain(
      Quadratic problem, double clip, double alpha, boolean anew, int rounds) {
    int length = problem.weightCount();
    double[] w = new double[length];
    for (int i = 0; i < length; i++) {
      w[i] = 0.5 - 0.25 * (i % 5);
    }
    double[] m = new double[length];
    double[] v = new double[length];
    for (int k = 0; k < rounds * 6; k++) {
      boolean start = k == 0 || anew && k % 6 == 0;
      int t = anew ? k % 6 + 1 : k + 1;
      double[] g = problem.gradient(0, k, w);
      double norm = 0;
      for (double each : g) {
        norm += each * each;
      }
      double factor = clip > 0 && Math.sqrt(norm) > clip ? clip / Math.sqrt(norm) : 1;
      for (int i = 0; i < length; i++) {
        double direction = factor * g[i] + alpha * w[i];
        m[i] = 0.9 * (start ? 0 : m[i]) + 0.1 * direction;
        v[i] = 0.999 * (start ? 0 : v[i]) + 0.001 * direction * direction;
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double square = v[i] / (1 - Math.pow(0.999, t));
        w[i] -= 0.05 * 0.1 * w[i];
        w[i] -= 0.05 * mean / (Math.sqrt(square) + 1e-8);
      }
    }
    return w;
  }

  @ParameterizedTest
  @CsvSource({"0, RESET", "0.7, RESET", "0, LOCAL", "0.7, LOCAL"})
  void stepsAsThePaperSays(double clip, TrainingSettings.Momentum buffers) {
    Quadratic problem = Quadratic.of(7, 9).withBatches(3);
    TrainingSettings training =
        TRAINING.with("clip", clip).with("momentum", 0).with("buffers", buffers);
    double[] expected = plain(problem, clip, 0, buffers == TrainingSettings.Momentum.RESET, 4);
    float[] weights = Runs.after(4, problem, new FedAvg(), training).weights();
    assertThat(Runs.distance(weights, expected)).isLessThan(2e-5);
  }

  record Ridge(double alpha) implements Method {
    @Override
    public double extraDecay(ClientView client) {
      return alpha;
    }
  }

  /** What a method adds to the objective goes through the moments; weight decay does not. */
  @Test
  void aMethodsRegulariserIsAPartOfTheGradient() {
    Quadratic problem = Quadratic.of(7, 9).withBatches(3);
    float[] weights = Runs.after(2, problem, new Ridge(0.5), TRAINING).weights();
    assertThat(Runs.distance(weights, plain(problem, 0, 0.5, true, 2))).isLessThan(2e-5);
    assertThat(Runs.distance(weights, plain(problem, 0, 0, true, 2))).isGreaterThan(1e-2);
  }

  @Test
  void theFirstStepIsTheRateWhateverTheGradient() {
    Quadratic problem = Quadratic.of(7, 9);
    TrainingSettings one =
        TrainingSettings.steps(1, 0.05).with("optimiser", TrainingSettings.Optimiser.ADAMW);
    float[] weights = Runs.after(1, problem, new FedAvg(), one).weights();
    for (int i = 0; i < weights.length; i++) {
      assertThat(Math.abs(weights[i] - (0.5 - 0.25 * (i % 5)))).isCloseTo(0.05, within(1e-6));
    }
  }

  /** A client that comes late has moments without a past, but is at a later step. */
  @Test
  void keepsMomentsOnlyWhereEveryClientAlwaysTrains() {
    TrainingSettings kept =
        TRAINING.with("momentum", 0).with("buffers", TrainingSettings.Momentum.LOCAL);
    FederationSettings half = Draws.bernoulli(0.5);
    assertThat(Setting.conflict(new FedAvg(), kept, Draws.full())).isEmpty();
    assertThat(Setting.conflict(new FedAvg(), TRAINING, half)).isEmpty();
    assertThat(Setting.conflict(new FedAvg(), kept, half).orElseThrow())
        .contains("set training.buffers to reset");
  }

  @Test
  void isRefusedWhereMeanGradientsAreReadOffTheChange() {
    for (var entry : Methods.ALL.all().stream().filter(Registry.Entry::builtIn).toList()) {
      Method method = Methods.ALL.make(entry.name(), Map.of());
      boolean refused = method.conflict(TRAINING).isPresent();
      assertThat(refused)
          .as(entry.name())
          .isEqualTo(entry.name().matches("scaffold|feddc|fedcm|mofedsam"));
    }
    assertThatThrownBy(() -> Runs.setting(new Scaffold(1), TRAINING))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("set momentum to 0, the optimiser to sgd");
    assertThatThrownBy(() -> TRAINING.with("momentum", 0.9))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("training.optimiser and training.momentum are both set");
    assertThatThrownBy(() -> TRAINING.with("buffers", TrainingSettings.Momentum.GLOBAL))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("AdamW's moments are not sent");
  }

  @ParameterizedTest
  @EnumSource(
      value = TrainingSettings.Momentum.class,
      names = {"RESET", "LOCAL"})
  void threadsDoNotChangeAByte(TrainingSettings.Momentum buffers) {
    Quadratic many = Quadratic.of(9, 5, 9, 2, 4, 8, 8, 1).withBatches(2);
    Setting setting =
        Runs.setting(new FedDyn(0.1), TRAINING.with("momentum", 0).with("buffers", buffers));
    try (var engine = new ThreadEngine(3)) {
      Federation federation = Runs.federation(many, setting, engine);
      for (int round = 0; round < 4; round++) {
        federation.round();
      }
      assertThat(federation.server().weights())
          .containsExactly(Runs.after(4, many, setting).weights());
    }
  }
}
