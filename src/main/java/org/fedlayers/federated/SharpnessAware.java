package org.fedlayers.federated;

import java.util.Arrays;

/**
 * The gradient at the worst point nearby, of sharpness-aware minimisation (Foret et al., ICLR 2021,
 * arXiv 2010.01412) and its adaptive variant (Kwon et al., ICML 2021, arXiv 2102.11600):
 *
 * <pre>
 * e = rho T^2 g(w) / ||T g(w)||,   direction = g(w + e)
 * </pre>
 *
 * with T = 1 for SAM. The first pass alone moves normaliser statistics; a gradient of zero, or so
 * small that no float holds rho / ||T g||, has no worst direction and perturbs nothing.
 */
interface SharpnessAware extends Method {

  /** T, elementwise. */
  @FunctionalInterface
  interface Scale {
    /**
     * @param scale T of the step before, 1 at first; changed in place
     */
    void at(float[] weights, float[] scale);
  }

  @Override
  default int gradientsPerStep() {
    return 2;
  }

  /** SAM. */
  static LocalStep within(double rho, ClientView client) {
    return within(rho, (weights, scale) -> {}, client);
  }

  /** Its adaptive variant. */
  static LocalStep within(double rho, Scale scale, ClientView client) {
    float[] t = client.start(); // a copy, as long as the weights
    float[] nearby = new float[t.length];
    Arrays.fill(t, 1);
    return (objective, weights, gradient) -> {
      double loss = objective.gradient(weights, gradient);
      scale.at(weights, t);
      for (int i = 0; i < t.length; i++) {
        nearby[i] = t[i] * gradient[i];
      }
      float worst = (float) (rho / Vectors.norm(nearby));
      float factor = Float.isFinite(worst) ? worst : 0;
      for (int i = 0; i < t.length; i++) {
        nearby[i] = weights[i] + factor * (t[i] * nearby[i]);
      }
      objective.gradientKeepingStatistics(nearby, gradient);
      return loss;
    };
  }
}
