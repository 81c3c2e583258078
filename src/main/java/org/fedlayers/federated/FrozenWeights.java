package org.fedlayers.federated;

import org.fedlayers.nn.LogitLoss;

/**
 * A mini-batch for which some weights are constants: their gradient is zero, so neither clipping
 * nor the ascent of sharpness-aware minimisation sees them.
 */
record FrozenWeights(Objective objective, Selection frozen) implements Objective {

  @Override
  public int samples() {
    return objective.samples();
  }

  @Override
  public double gradient(float[] weights, float[] gradient) {
    return cleared(objective.gradient(weights, gradient), gradient);
  }

  @Override
  public double gradientKeepingStatistics(float[] weights, float[] gradient) {
    return cleared(objective.gradientKeepingStatistics(weights, gradient), gradient);
  }

  @Override
  public double gradient(float[] weights, LogitLoss loss, float[] gradient) {
    return cleared(objective.gradient(weights, loss, gradient), gradient);
  }

  @Override
  public float[] logits(float[] weights, float[] statistics) {
    return objective.logits(weights, statistics);
  }

  private double cleared(double loss, float[] gradient) {
    frozen.clear(gradient);
    return loss;
  }
}
