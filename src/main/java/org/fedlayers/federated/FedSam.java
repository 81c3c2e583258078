package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Sharpness-aware clients (Caldarola et al., ECCV 2022, arXiv 2203.11834; Qu et al., ICML 2022,
 * arXiv 2206.02618): each step takes the gradient at the worst point within rho,
 *
 * <pre>
 * direction = g(w + e),   e = rho g(w) / ||g(w)||
 * </pre>
 */
public record FedSam(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]", standard = "0.05")
        double rho)
    implements SharpnessAware {
  @Override
  public LocalStep localStep(ClientView client) {
    return SharpnessAware.within(rho, client);
  }
}
