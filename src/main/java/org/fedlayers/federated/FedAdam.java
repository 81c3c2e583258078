package org.fedlayers.federated;

/**
 * Adam as the server's optimiser (Reddi et al., 2021, arXiv 2003.00295): {@link AdaptiveServer}
 * with
 *
 * <pre>
 * v+ = beta2 v + (1 - beta2) m+^2
 * </pre>
 *
 * @param rate the server's learning rate, above 0
 * @param beta1 of the first moment, at least 0 and below 1
 * @param beta2 of the second moment, at least 0 and below 1
 * @param tau how adaptive the step is, above 0: the larger, the closer to plain averaging
 */
public record FedAdam(double rate, double beta1, double beta2, double tau) implements Method {

  public FedAdam {
    AdaptiveServer.check(rate, beta1, tau);
    Require.belowOne("beta2", beta2);
  }

  public FedAdam() {
    this(0.01, 0.9, 0.99, 1e-3);
  }

  @Override
  public Slots slots() {
    return AdaptiveServer.SLOTS;
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    AdaptiveServer.move(
        server, sum, rate, beta1, tau, (v, square) -> beta2 * v + (1 - beta2) * square);
  }
}
