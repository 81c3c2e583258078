package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * FedCM over sharpness-aware gradients (Qu et al., ICML 2022, arXiv 2206.02618):
 *
 * <pre>
 * direction = alpha g(w + rho g(w)/||g(w)||) + (1 - alpha) Delta
 * </pre>
 *
 * With rho 0 it is {@link FedCm} at a global rate of 1.
 */
public record MoFedSam(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]", standard = "0.1") double rho,
    @Option(value = "weight of the own gradient", range = "(0, 1]", standard = "0.1") double alpha)
    implements ClientMomentum, SharpnessAware {
  @Override
  public LocalStep localStep(ClientView client) {
    return mixed(SharpnessAware.within(rho, client), client);
  }
}
