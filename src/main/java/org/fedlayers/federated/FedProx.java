package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * A proximal term in each client's objective (Li et al., MLSys 2020, arXiv 1812.06127):
 *
 * <pre>
 * f_i(w) + mu/2 ||w - theta||^2
 * </pre>
 */
public record FedProx(
    @Option(value = "weight of the proximal term", range = "[0, 1e6]", standard = "1e-4") double mu)
    implements Method {
  @Override
  public LocalStep localStep(ClientView client) {
    return LocalStep.SGD.with(LocalStep.Correction.towards(client.start(), mu));
  }
}
