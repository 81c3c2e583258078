package org.fedlayers.federated;

import java.util.Optional;

/**
 * The last round's mean direction Delta, which every local step mixes in, shared by FedCM and
 * MoFedSAM:
 *
 * <pre>
 * direction = alpha g(w) + (1 - alpha) Delta
 * Delta+ = - sum_S p_i (theta_i - theta) / (K eta),   theta+ = theta + eta_g sum_S p_i (theta_i - theta)
 * </pre>
 *
 * with Delta = 0 in the first round. K and eta are the client's own steps and the round's decayed
 * rate; where nothing moves any more ({@link LocalResult#meanDirection}), Delta stays.
 */
interface ClientMomentum extends Method {
  String MEAN = "mean_direction";
  String OWN = "direction";

  double alpha();

  /** eta_g. */
  default double globalRate() {
    return 1;
  }

  @Override
  default Slots slots() {
    return Slots.NONE.server(MEAN).upload(OWN);
  }

  /** A step along what {@code gradient} gives, mixed with Delta. */
  default LocalStep mixed(LocalStep gradient, ClientView client) {
    float[] mean = client.server(MEAN);
    double own = alpha();
    return gradient.with((weights, direction) -> Vectors.blend(1 - own, mean, own, direction));
  }

  @Override
  default void afterLocal(ClientView client, LocalResult result) {
    client.upload(OWN, result.meanDirection(client.rate()).orElseGet(() -> client.server(MEAN)));
  }

  @Override
  default void aggregate(ServerView server, CohortSum sum) {
    server.move(globalRate(), sum.mean(DELTA));
    server.set(MEAN, sum.mean(OWN));
  }

  @Override
  default Optional<String> conflict(TrainingSettings training) {
    return training.needsPlainSgd(this);
  }
}
