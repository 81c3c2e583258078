package org.fedlayers.federated;

/** How a client steps along a direction whose norm is clipped. */
@FunctionalInterface
interface LocalOptimiser {
  /**
   * @param weights moved in place
   */
  void step(float[] weights, float[] direction);
}
