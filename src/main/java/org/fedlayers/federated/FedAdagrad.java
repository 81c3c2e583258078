package org.fedlayers.federated;

import org.fedlayers.options.Option;
import org.fedlayers.options.Options;

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
public record FedAdagrad(
    @Option(value = "the server's learning rate", range = "(0, 1e6]") double rate,
    @Option(value = "momentum of the first moment", range = "[0, 1)") double beta1,
    @Option(value = "the larger, the less adaptive", range = "(0, 1e6]") double tau)
    implements AdaptiveServer {

  public FedAdagrad {
    Options.check(FedAdagrad.class, rate, beta1, tau);
  }

  public FedAdagrad() {
    this(0.01, 0, 1e-3);
  }

  @Override
  public double second(double v, double square) {
    return v + square;
  }
}
