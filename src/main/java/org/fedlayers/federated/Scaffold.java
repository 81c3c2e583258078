package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Stochastic controlled averaging (Karimireddy et al., ICML 2020, arXiv 1910.06378): clients step
 * along g_i - c_i + c, with the control variates of option II,
 *
 * <pre>
 * c_i+ = c_i - c + (theta - theta_i) / (K eta),   c+ = c + (1/N) sum_S N p_i (c_i+ - c_i)
 * theta+ = theta + eta_g sum_S p_i (theta_i - theta)
 * </pre>
 *
 * K and eta are the client's own steps and the round's decayed rate.
 *
 * @param globalRate eta_g, above 0
 */
public record Scaffold(
    @Option(value = "the server's rate", range = "(0, 1e6]", standard = "1") double globalRate)
    implements ControlVariates {
  @Override
  public LocalStep localStep(ClientView client) {
    return LocalStep.SGD.with(ControlVariates.correction(client));
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    server.move(globalRate, sum.mean(DELTA));
    ControlVariates.aggregateVariate(server, sum);
  }
}
