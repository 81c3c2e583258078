package org.fedlayers.federated;

import java.util.Arrays;

/**
 * The gradient at the worst point nearby, of sharpness-aware minimisation (Foret et al., ICLR 2021,
 * arXiv 2010.01412) and its adaptive kin (Kwon et al., ICML 2021, arXiv 2102.11600):
 *
 * <pre>
 * e = rho T^2 g(w) / ||T g(w)||,   direction = g(w + e)
 * </pre>
 *
 * with T = 1 for SAM. The first pass alone moves normaliser statistics; a gradient of zero, or so
 * small that no float holds rho / ||T g||, has no worst direction and perturbs nothing.
 */
final class SharpnessAware implements LocalStep {

  /** T, elementwise. */
  @FunctionalInterface
  interface Stretch {
    /**
     * @param stretch T of the step before, 1 at first; changed in place
     */
    void at(float[] weights, float[] stretch);
  }

  static final int GRADIENTS = 2;

  private final double rho;
  private final Stretch stretch;
  private final float[] t;
  private final float[] nearby;

  private SharpnessAware(double rho, Stretch stretch, int length) {
    this.rho = rho;
    this.stretch = stretch;
    this.t = new float[length];
    this.nearby = new float[length];
    Arrays.fill(t, 1);
  }

  /** SAM. */
  static LocalStep within(double rho, ClientView client) {
    return within(rho, (weights, stretch) -> {}, client);
  }

  /** Its adaptive kin. */
  static LocalStep within(double rho, Stretch stretch, ClientView client) {
    return new SharpnessAware(rho, stretch, client.start().length);
  }

  @Override
  public double direction(Objective objective, float[] weights, float[] gradient) {
    double loss = objective.gradient(weights, gradient);
    stretch.at(weights, t);
    for (int i = 0; i < t.length; i++) {
      nearby[i] = t[i] * gradient[i];
    }
    float factor = factor(rho, nearby);
    for (int i = 0; i < t.length; i++) {
      nearby[i] = weights[i] + factor * (t[i] * nearby[i]);
    }
    objective.gradientKeepingStatistics(nearby, gradient);
    return loss;
  }

  private static float factor(double rho, float[] direction) {
    float factor = (float) (rho / Vectors.norm(direction));
    return Float.isFinite(factor) ? factor : 0;
  }
}
