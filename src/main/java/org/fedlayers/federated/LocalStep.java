package org.fedlayers.federated;

/**
 * The direction of one local step: what a method does differently from SGD. Called before clipping,
 * weight decay, momentum, step.
 */
@FunctionalInterface
public interface LocalStep {

  /** The mini-batch's gradient. */
  LocalStep SGD = Objective::gradient;

  /**
   * @param objective the mini-batch
   * @param weights the client's, not to be changed
   * @param gradient overwritten with the direction to descend along
   * @return the mini-batch's loss, without a method's corrections
   */
  double direction(Objective objective, float[] weights, float[] gradient);

  /** A term that is added to a direction and does not depend on the mini-batch. */
  @FunctionalInterface
  interface Correction {
    /**
     * @param weights the client's, not to be changed
     * @param direction changed in place
     */
    void apply(float[] weights, float[] direction);

    /** The gradient of factor/2 ||w - target||^2. */
    static Correction towards(float[] target, double factor) {
      float f = (float) factor;
      return (weights, direction) -> {
        for (int i = 0; i < weights.length; i++) {
          direction[i] += f * (weights[i] - target[i]);
        }
      };
    }
  }

  /** This direction, then corrected. */
  default LocalStep with(Correction correction) {
    return (objective, weights, gradient) -> {
      double loss = direction(objective, weights, gradient);
      correction.apply(weights, gradient);
      return loss;
    };
  }
}
