package org.fedlayers.federated;

/**
 * The direction of one local step: what a method does differently from SGD. Called before clipping,
 * weight decay, momentum, step.
 */
@FunctionalInterface
public interface LocalStep {

  /**
   * @param objective the mini-batch
   * @param weights the client's, not to be changed
   * @param gradient overwritten with the direction to descend along
   * @return the mini-batch's loss
   */
  double direction(Objective objective, float[] weights, float[] gradient);
}
