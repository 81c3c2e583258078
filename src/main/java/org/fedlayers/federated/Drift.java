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
interface Drift extends Method {
  /** Of a client; of the server, the mean. */
  String DRIFT = "drift";

  @Override
  default Slots slots() {
    return Slots.NONE.client(DRIFT).server(DRIFT);
  }

  @Override
  default void afterLocal(ClientView client, LocalResult result) {
    float[] own = client.memory(DRIFT);
    Vectors.axpy(1, result.delta(), own);
    client.remember(DRIFT, own);
  }

  @Override
  default void aggregate(ServerView server, CohortSum sum) {
    double[] direction = sum.mean(DELTA).clone();
    float[] mean = server.add(DRIFT, sum.fraction(), direction);
    for (int i = 0; i < direction.length; i++) {
      direction[i] += mean[i];
    }
    server.move(direction);
  }
}
