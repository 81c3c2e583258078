package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round reports of loss and penalty, held against plain loops. */
class PenaltyTest {
  private static final double ZETA = 0.7;

  private static Network network() {
    var b = new NetworkBuilder("penalised", new Shape(3, 8, 8));
    var x = b.relu("conv.relu", b.convolution("conv", b.input(), 4, 3, 2));
    return b.logits(b.dense("logits", x, Pictures.CLASSES));
  }

  /** Two clients of unequal size, one step of all their images: the values at theta itself. */
  @ParameterizedTest
  @ValueSource(strings = {"fedavg", "fedsam", "fedasam"})
  void ofTheFirstStepAreThoseAtTheta(String method) {
    DataSet data = Pictures.data(3);
    int[][] split = {{0, 4, 8}, {1, 2, 3, 5, 6, 7, 9, 10, 11}};
    Network network = network();
    float[] theta = Initialisation.PYTORCH.weights(network, Pictures.RANDOMNESS);
    RoundReport report =
        round(
            data, split, network, theta, method, TrainingSettings.steps(1, 0.3).with("man", ZETA));
    double penalty = 0;
    double loss = 0;
    for (int[] own : split) {
      NaiveNetwork.Result naive = naive(data, own, network, theta);
      penalty += own.length / 12.0 * naive.penalty();
      loss += own.length / 12.0 * naive.value();
    }
    assertThat(report.penalty()).isCloseTo(penalty, within(1e-5 * penalty));
    assertThat(report.loss()).isCloseTo(loss, within(1e-5 * loss));
    assertThat(penalty).isGreaterThan(0.01);
  }

  /** At a rate too small to move a float every step is at theta. */
  @Test
  void ofSeveralStepsTheyAreMeans() {
    DataSet data = Pictures.data(3);
    Network network = network();
    float[] theta = Initialisation.PYTORCH.weights(network, Pictures.RANDOMNESS);
    int[][] split = {Pictures.range(0, 12)};
    NaiveNetwork.Result naive = naive(data, split[0], network, theta);
    TrainingSettings still = TrainingSettings.steps(3, 1e-12).with("man", ZETA);
    RoundReport report = round(data, split, network, theta, "fedavg", still);
    assertThat(report.penalty()).isCloseTo(naive.penalty(), within(1e-5 * naive.penalty()));
    assertThat(report.loss()).isCloseTo(naive.value(), within(1e-5 * naive.value()));
  }

  @Test
  void thereIsNoneWithoutZeta() {
    DataSet data = Pictures.data(3);
    Network network = network();
    float[] theta = Initialisation.PYTORCH.weights(network, Pictures.RANDOMNESS);
    int[][] split = {Pictures.range(0, 12)};
    assertThat(
            round(data, split, network, theta, "fedavg", TrainingSettings.steps(3, 0.1)).penalty())
        .isZero();
  }

  private static RoundReport round(
      DataSet data,
      int[][] split,
      Network network,
      float[] theta,
      String method,
      TrainingSettings training) {
    var problem =
        new ImageProblem(
            data,
            split,
            12,
            Augmentation.none(),
            network,
            Executor.AUTO.models(network),
            Pictures.RANDOMNESS);
    try (var engine = new ThreadEngine(2)) {
      Setting setting = Runs.setting(Methods.ALL.make(method, java.util.Map.of()), training);
      return new Federation(
              problem, setting, theta, new float[0], engine, ClientMemory.onHeap(), false)
          .round();
    }
  }

  private static NaiveNetwork.Result naive(
      DataSet data, int[] own, Network network, float[] theta) {
    int size = network.input().size();
    double[] pixels = new double[own.length * size];
    int[] labels = new int[own.length];
    for (int i = 0; i < own.length; i++) {
      labels[i] = data.train().labels()[own[i]];
      for (int j = 0; j < size; j++) {
        pixels[i * size + j] =
            ((data.train().pixels()[own[i] * size + j] & 255) / 255.0 - 0.5) / 0.25;
      }
    }
    double[] weights = new double[theta.length];
    Arrays.setAll(weights, i -> theta[i]);
    return new NaiveNetwork(network)
        .gradient(
            weights,
            new double[0],
            pixels,
            labels,
            own.length,
            Pass.TRAINING.withPenalty(ZETA),
            CrossEntropy.INSTANCE);
  }
}
