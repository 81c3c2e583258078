package org.fedlayers.federated;

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
final class ControlVariates {
  private static final String OWN = "variate";
  private static final String CHANGE = "variate_change";

  static final Method.Slots SLOTS = Method.Slots.NONE.client(OWN).server(OWN).upload(CHANGE);

  private ControlVariates() {}

  static LocalStep.Correction correction(ClientView client) {
    float[] apart = Vectors.minus(client.server(OWN), client.memory(OWN));
    return (weights, direction) -> Vectors.axpy(1, apart, direction);
  }

  static void afterLocal(ClientView client, LocalResult result) {
    float[] change =
        result
            .meanDirection(client.rate())
            .map(mean -> Vectors.minus(mean, client.server(OWN)))
            .orElseGet(() -> new float[result.delta().length]);
    float[] own = client.memory(OWN).clone();
    Vectors.axpy(1, change, own);
    client.remember(OWN, own);
    client.upload(CHANGE, change);
  }

  static void aggregate(ServerView server, CohortSum sum) {
    server.add(OWN, sum.fraction(), sum.mean(CHANGE));
  }
}
