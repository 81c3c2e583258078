package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Momentum on the server (Hsu et al., 2019, arXiv 1909.06335):
 *
 * <pre>
 * v+ = beta v + sum_S p_i (theta_i - theta),   theta+ = theta + v+
 * </pre>
 */
public record FedAvgM(
    @Option(value = "momentum of the server", range = "[0, 1)", standard = "0.7") double beta)
    implements Method {
  private static final String VELOCITY = "velocity";

  @Override
  public Slots slots() {
    return Slots.NONE.server(VELOCITY);
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    float[] velocity = server.slot(VELOCITY);
    double[] direction = sum.mean(DELTA).clone();
    for (int i = 0; i < direction.length; i++) {
      direction[i] += beta * velocity[i];
    }
    server.set(VELOCITY, direction);
    server.move(direction);
  }
}
