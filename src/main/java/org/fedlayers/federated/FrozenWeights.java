package org.fedlayers.federated;

import org.fedlayers.nn.LogitLoss;

/**
 * A mini-batch whose objective takes some weights for constants: their gradient is zero, so neither
 * clipping nor the ascent of sharpness-aware minimisation depends on them.
 */
record FrozenWeights(Objective objective, Selection frozen) implements Objective {

  @Override
  public int samples() {
    return objective.samples();
  }

  @Override
  public double gradient(
      float[] weights, LogitLoss loss, boolean keepStatistics, float[] gradient) {
    double value = objective.gradient(weights, loss, keepStatistics, gradient);
    frozen.clear(gradient);
    return value;
  }

  @Override
  public float[] logits(float[] weights, float[] statistics) {
    return objective.logits(weights, statistics);
  }
}
