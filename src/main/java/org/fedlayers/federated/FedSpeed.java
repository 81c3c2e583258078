package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * FedSpeed (Sun et al., ICLR 2023, arXiv 2302.10429): FedDyn's regularised objective, stepped along
 * with the gradient of a sharpness-aware ascent,
 *
 * <pre>
 * direction = g(w + rho g(w)/||g(w)||) + alpha (h_i - theta) + alpha w,   h_i += theta_i - theta
 * theta+ = sum_S p_i theta_i + (1/N) sum_all N p_i h_i
 * </pre>
 *
 * With rho 0 it is {@link FedDyn}. The authors' code calls alpha lamb; the paper's lambda is 1 /
 * alpha.
 */
public record FedSpeed(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]", standard = "0.01")
        double rho,
    @Option(value = "weight of the dynamic regulariser", range = "[0, 1e6]", standard = "0.01")
        double alpha)
    implements Drift, SharpnessAware {
  @Override
  public double extraDecay(ClientView client) {
    return alpha;
  }

  @Override
  public LocalStep localStep(ClientView client) {
    return FedDyn.regularised(alpha, SharpnessAware.within(rho, client), client);
  }
}
