package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Client-level momentum (Xu et al., 2021, arXiv 2106.10874): every local step mixes in the last
 * round's mean direction, see {@link ClientMomentum}. On unlike clients it does not stop at the
 * optimum.
 *
 * @param globalRate eta_g, above 0
 */
public record FedCm(
    @Option(value = "weight of the own gradient", range = "(0, 1]", standard = "0.1") double alpha,
    @Option(value = "the server's rate", range = "(0, 1e6]", standard = "1") double globalRate)
    implements ClientMomentum {
  @Override
  public LocalStep localStep(ClientView client) {
    return mixed(LocalStep.SGD, client);
  }
}
