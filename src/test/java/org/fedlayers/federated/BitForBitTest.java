package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fedlayers.data.Randomness;
import org.junit.jupiter.api.Test;

/** Methods that are each other when a coefficient vanishes, to the last bit. */
class BitForBitTest {
  private static final Quadratic PROBLEM = Quadratic.of(11, 5, 60, 10, 25).withBatches(3);
  private static final TrainingSettings TRAINING =
      TrainingSettings.epochs(2, 0.05).with("clip", 3).with("weight-decay", 0.01);

  private static ServerState run(Method method, int rounds) {
    return run(method, rounds, TRAINING);
  }

  private static ServerState run(Method method, int rounds, TrainingSettings training) {
    Setting setting =
        new Setting(
            method,
            training,
            Draws.bernoulli(0.6),
            StatisticsPolicy.AVERAGED,
            1,
            new Randomness(1));
    return Runs.after(rounds, PROBLEM, setting);
  }

  private static void assertSame(ServerState one, ServerState other) {
    assertThat(one.weights()).containsExactly(other.weights());
    assertThat(one.statistics()).containsExactly(other.statistics());
    assertThat(one.cohortWeights()).containsExactly(other.cohortWeights());
  }

  @Test
  void vanishingCoefficientsAreFedAvg() {
    ServerState fedAvg = run(new FedAvg(), 5);
    for (Method method :
        List.of(
            new FedProx(0),
            new FedSam(0),
            new FedAsam(0, 0.2),
            new FedCm(1, 1),
            new MoFedSam(0, 1),
            new FedAvgM(0),
            new FedYogi(1e6, 0, 0.9, 5e5),
            new FedAdagrad(1e6, 0, 5e5))) {
      assertSame(run(method, 5), fedAvg);
    }
  }

  @Test
  void withMomentumToo() {
    TrainingSettings momentum =
        TRAINING.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.LOCAL);
    ServerState fedAvg = run(new FedAvg(), 5, momentum);
    for (Method method :
        List.of(new FedProx(0), new FedSam(0), new FedAsam(0, 0.2), new FedAvgM(0))) {
      assertSame(run(method, 5, momentum), fedAvg);
    }
  }

  @Test
  void scaffoldIsFedAvgInItsFirstRoundOnly() {
    assertSame(run(new Scaffold(1), 1), run(new FedAvg(), 1));
    assertThat(run(new Scaffold(1), 3).weights()).isNotEqualTo(run(new FedAvg(), 3).weights());
  }

  @Test
  void withoutAscentMoFedSamIsFedCmAndFedSpeedIsFedDyn() {
    assertSame(run(new MoFedSam(0, 0.3), 5), run(new FedCm(0.3, 1), 5));
    assertSame(run(new FedSpeed(0, 0.3), 5), run(new FedDyn(0.3), 5));
  }

  /** The server still adds the drift. */
  @Test
  void driftMethodsAtZeroAreNotFedAvg() {
    ServerState fedAvg = run(new FedAvg(), 5);
    for (Method method : List.of(new FedDyn(0), new FedDc(0), new FedSpeed(0, 0))) {
      assertThat(run(method, 5).weights()).isNotEqualTo(fedAvg.weights());
    }
  }

  @Test
  void coefficientsThatDoNotVanishMatter() {
    ServerState fedAvg = run(new FedAvg(), 5);
    for (Method method :
        List.of(
            new FedProx(0.01),
            new FedSam(0.01),
            new FedAsam(0.01, 0.2),
            new FedCm(0.99, 1),
            new FedCm(1, 0.99),
            new FedAvgM(0.01))) {
      assertThat(run(method, 5).weights()).isNotEqualTo(fedAvg.weights());
    }
  }
}
