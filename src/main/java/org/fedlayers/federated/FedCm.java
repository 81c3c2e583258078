package org.fedlayers.federated;

import java.util.Optional;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;

/**
 * Client-level momentum (Xu et al., 2021, arXiv 2106.10874): every local step mixes in the last
 * round's mean direction,
 *
 * <pre>
 * direction = alpha g(w) + (1 - alpha) Delta
 * Delta+ = - sum_S p_i (theta_i - theta) / (K eta),   theta+ = theta + eta_g sum_S p_i (theta_i - theta)
 * </pre>
 *
 * with Delta = 0 in the first round. K and eta are the client's own steps and the round's decayed
 * rate; where nothing moves any more ({@link LocalResult#meanDirection}), Delta stays. On unlike
 * clients it does not stop at the optimum.
 *
 * @param alpha in (0, 1]
 * @param globalRate eta_g, above 0
 */
public record FedCm(
    @Option(value = "weight of the own gradient", range = "(0, 1]") double alpha,
    @Option(value = "the server's rate", range = "(0, 1e6]") double globalRate)
    implements Method {
  private static final String MEAN = "mean_direction";
  private static final String OWN = "direction";

  public FedCm {
    Options.check(FedCm.class, alpha, globalRate);
  }

  public FedCm() {
    this(0.1, 1);
  }

  @Override
  public Slots slots() {
    return Slots.NONE.server(MEAN).upload(OWN);
  }

  @Override
  public LocalStep localStep(ClientView client) {
    return mixed(LocalStep.SGD, client);
  }

  LocalStep mixed(LocalStep step, ClientView client) {
    float[] mean = client.server(MEAN);
    return step.with((weights, direction) -> Vectors.blend(1 - alpha, mean, alpha, direction));
  }

  @Override
  public void afterLocal(ClientView client, LocalResult result) {
    client.upload(OWN, result.meanDirection(client.rate()).orElseGet(() -> client.server(MEAN)));
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    server.move(globalRate, sum.mean(DELTA));
    server.set(MEAN, sum.mean(OWN));
  }

  @Override
  public Optional<String> conflict(LocalTraining training) {
    return training.needsPlainSgd("FedCM");
  }
}
