package org.fedlayers.federated;

/** SGD: clip the direction's norm, add decay, momentum, step; one pass after the norm. */
final class LocalSgd implements LocalOptimiser {
  private final float rate;
  private final double clip;
  private final float decay;
  private final float momentum;
  private final float[] velocity;

  /**
   * @param clip greatest norm, 0 for none
   * @param velocity the momentum buffer, moved in place; null for plain SGD
   */
  LocalSgd(double rate, double clip, double decay, double momentum, float[] velocity) {
    this.rate = (float) rate;
    this.clip = clip;
    this.decay = (float) decay;
    this.momentum = (float) momentum;
    this.velocity = velocity;
  }

  @Override
  public void step(float[] weights, float[] direction) {
    float scale = LocalOptimiser.clipFactor(clip, direction);
    if (velocity == null) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= rate * (scale * direction[i] + decay * weights[i]);
      }
    } else {
      for (int i = 0; i < weights.length; i++) {
        velocity[i] = momentum * velocity[i] + (scale * direction[i] + decay * weights[i]);
        weights[i] -= rate * velocity[i];
      }
    }
  }
}
