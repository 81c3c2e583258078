package org.fedlayers.federated;

import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;

/** Short ways to run small federations. */
final class Runs {
  private Runs() {}

  static Setting setting(Method method, TrainingSettings training) {
    return new Setting(
        method, training, Draws.full(), StatisticsPolicy.AVERAGED, 1, new Randomness(1));
  }

  static Federation federation(Problem problem, Setting setting, Engine engine) {
    float[] weights = new float[problem.weightCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.5f - 0.25f * (i % 5);
    }
    float[] statistics = {0, 1};
    return new Federation(
        problem, setting, weights, statistics, engine, ClientMemory.onHeap(), true);
  }

  /** The server after so many rounds. */
  static ServerState after(int rounds, Problem problem, Setting setting) {
    try (Engine engine = new ThreadEngine(1)) {
      Federation federation = federation(problem, setting, engine);
      for (int round = 0; round < rounds; round++) {
        federation.round();
      }
      return federation.server();
    }
  }

  static ServerState after(int rounds, Problem problem, Method method, TrainingSettings training) {
    return after(rounds, problem, setting(method, training));
  }

  static double distance(float[] weights, double[] point) {
    double sum = 0;
    for (int i = 0; i < point.length; i++) {
      sum += Math.pow(weights[i] - point[i], 2);
    }
    return Math.sqrt(sum);
  }
}
