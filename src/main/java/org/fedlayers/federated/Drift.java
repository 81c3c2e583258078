package org.fedlayers.federated;

/**
 * Each client's accumulated drift h_i += theta_i - theta, shared by FedDyn, FedSpeed and FedDC,
 * whose server adds the mean over all clients to the cohort's:
 *
 * <pre>
 * h+ = h + (1/N) sum_S N p_i (theta_i - theta),   theta+ = sum_S p_i theta_i + h+
 * </pre>
 *
 * The server keeps the mean h, so that no round scans all clients.
 */
final class Drift {
  private static final String OWN = "drift";

  static final Method.Slots SLOTS = Method.Slots.NONE.client(OWN).server(OWN);

  private Drift() {}

  static float[] of(ClientView client) {
    return client.memory(OWN);
  }

  static void afterLocal(ClientView client, LocalResult result) {
    float[] own = client.memory(OWN).clone();
    Vectors.axpy(1, result.delta(), own);
    client.remember(OWN, own);
  }

  static void aggregate(ServerView server, CohortSum sum) {
    double[] direction = sum.mean(Method.DELTA).clone();
    float[] mean = server.add(OWN, sum.fraction(), direction);
    for (int i = 0; i < direction.length; i++) {
      direction[i] += mean[i];
    }
    server.move(direction);
  }
}
