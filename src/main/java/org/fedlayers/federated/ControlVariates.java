package org.fedlayers.federated;

import java.util.Optional;

/**
 * Control variates c_i of the clients and c of the server, shared by SCAFFOLD and FedDC: each step
 * adds c - c_i, and after K steps at rate eta
 *
 * <pre>
 * c_i+ = c_i - c + (theta - theta_i) / (K eta),   c+ = c + (1/N) sum_S N p_i (c_i+ - c_i)
 * </pre>
 *
 * The factor N p_i, 1 for equal clients, makes c the mean of all c_i that the objective weights
 * clients by; with the plain 1/N of the papers unequal clients meet at the unweighted optimum.
 * Where nothing moves any more ({@link LocalResult#meanDirection}), all c_i and c stay.
 */
interface ControlVariates extends Method {
  /** c_i of a client, c of the server. */
  String VARIATE = "variate";

  String CHANGE = "variate_change";

  @Override
  default Slots slots() {
    return Slots.NONE.client(VARIATE).server(VARIATE).upload(CHANGE);
  }

  static LocalStep.Correction correction(ClientView client) {
    float[] difference = Vectors.minus(client.server(VARIATE), client.memory(VARIATE));
    return (weights, direction) -> Vectors.axpy(1, difference, direction);
  }

  @Override
  default void afterLocal(ClientView client, LocalResult result) {
    float[] change =
        result
            .meanDirection(client.rate())
            .map(mean -> Vectors.minus(mean, client.server(VARIATE)))
            .orElseGet(() -> new float[result.delta().length]);
    float[] own = client.memory(VARIATE);
    Vectors.axpy(1, change, own);
    client.remember(VARIATE, own);
    client.upload(CHANGE, change);
  }

  @Override
  default Optional<String> conflict(TrainingSettings training) {
    return training.needsPlainSgd(this);
  }

  /** Moves c by the mean change of the cohort's c_i. */
  static void aggregateVariate(ServerView server, CohortSum sum) {
    server.add(VARIATE, sum.fraction(), sum.mean(CHANGE));
  }
}
