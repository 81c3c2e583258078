package org.fedlayers.federated;

/** How a client steps along a direction: clip its norm, then move the weights. */
@FunctionalInterface
interface LocalOptimiser {
  /**
   * @param weights moved in place
   */
  void step(float[] weights, float[] direction);

  /** What a direction is multiplied with so that its norm is at most {@code clip}, 0 for any. */
  static float clipFactor(double clip, float[] direction) {
    if (clip == 0) {
      return 1;
    }
    double norm = Vectors.norm(direction);
    return norm > clip ? (float) (clip / norm) : 1;
  }
}
