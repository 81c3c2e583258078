package org.fedlayers.federated;

/**
 * Sharpness-aware clients (Caldarola et al., ECCV 2022, arXiv 2203.11834; Qu et al., ICML 2022,
 * arXiv 2206.02618): each step takes the gradient at the worst point within rho,
 *
 * <pre>
 * direction = g(w + e),   e = rho g(w) / ||g(w)||
 * </pre>
 *
 * @param rho 0 or more
 */
public record FedSam(double rho) implements Method {
  public FedSam {
    Require.notNegative("rho", rho);
  }

  public FedSam() {
    this(0.05);
  }

  @Override
  public int gradientsPerStep() {
    return SharpnessAware.GRADIENTS;
  }

  @Override
  public LocalStep localStep(ClientView client) {
    return SharpnessAware.within(rho, client);
  }
}
