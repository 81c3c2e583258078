package org.fedlayers.federated;

/** SGD: add decay, momentum, step. */
final class LocalSgd implements LocalOptimiser {
  private final float rate;
  private final float decay;
  private final float momentum;
  private final float[] velocity;

  /**
   * @param velocity the momentum buffer, moved in place; null for plain SGD
   */
  LocalSgd(double rate, double decay, double momentum, float[] velocity) {
    this.rate = (float) rate;
    this.decay = (float) decay;
    this.momentum = (float) momentum;
    this.velocity = velocity;
  }

  @Override
  public void step(float[] weights, float[] direction) {
    if (velocity == null) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= rate * (direction[i] + decay * weights[i]);
      }
    } else {
      for (int i = 0; i < weights.length; i++) {
        velocity[i] = momentum * velocity[i] + (direction[i] + decay * weights[i]);
        weights[i] -= rate * velocity[i];
      }
    }
  }
}
