package org.fedlayers.federated;

/**
 * Adagrad as the server's optimiser (Reddi et al., 2021, arXiv 2003.00295): {@link AdaptiveServer}
 * with
 *
 * <pre>
 * v+ = v + m+^2
 * </pre>
 *
 * @param rate the server's learning rate, above 0
 * @param beta1 of the first moment, at least 0 and below 1
 * @param tau how adaptive the step is, above 0: the larger, the closer to plain averaging
 */
public record FedAdagrad(double rate, double beta1, double tau) implements Method {

  public FedAdagrad {
    AdaptiveServer.check(rate, beta1, tau);
  }

  public FedAdagrad() {
    this(0.01, 0, 1e-3);
  }

  @Override
  public Slots slots() {
    return AdaptiveServer.SLOTS;
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    AdaptiveServer.move(server, sum, rate, beta1, tau, Double::sum);
  }
}
