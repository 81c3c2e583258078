package org.fedlayers.federated;

import java.util.Optional;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;

/**
 * FedCM over sharpness-aware gradients (Qu et al., ICML 2022, arXiv 2206.02618):
 *
 * <pre>
 * direction = alpha g(w + rho g(w)/||g(w)||) + (1 - alpha) Delta
 * </pre>
 *
 * With rho 0 it is {@link FedCm} at a global rate of 1.
 *
 * @param rho 0 or more
 * @param alpha in (0, 1]
 */
public record MoFedSam(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]") double rho,
    @Option(value = "weight of the own gradient", range = "(0, 1]") double alpha)
    implements ClientMomentum {
  public MoFedSam {
    Options.check(MoFedSam.class, rho, alpha);
  }

  public MoFedSam() {
    this(0.1, 0.1);
  }

  @Override
  public int gradientsPerStep() {
    return SharpnessAware.GRADIENTS;
  }

  @Override
  public LocalStep localStep(ClientView client) {
    return mixed(SharpnessAware.within(rho, client), client);
  }

  @Override
  public Optional<String> conflict(LocalTraining training) {
    return training.needsPlainSgd("MoFedSAM");
  }
}
