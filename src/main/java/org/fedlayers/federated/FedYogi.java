package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Yogi as the server's optimiser (Reddi et al., 2021, arXiv 2003.00295): {@link AdaptiveServer}
 * with
 *
 * <pre>
 * v+ = v - (1 - beta2) delta^2 sign(v - delta^2)
 * </pre>
 */
public record FedYogi(
    @Option(value = "the server's learning rate", range = "(0, 1e6]", standard = "0.01")
        double rate,
    @Option(value = "momentum of the first moment", range = "[0, 1)", standard = "0.9")
        double beta1,
    @Option(value = "momentum of the second moment", range = "[0, 1)", standard = "0.99")
        double beta2,
    @Option(value = "the larger, the less adaptive", range = "(0, 1e6]", standard = "1e-3")
        double tau)
    implements AdaptiveServer {

  @Override
  public double second(double v, double square) {
    return v - (1 - beta2) * square * Math.signum(v - square);
  }
}
