package org.fedlayers.federated;

import org.fedlayers.nn.LogitLoss;

/**
 * What one mini-batch asks to be minimised, as a function of the weights: a model on a batch, or a
 * quadratic in a test.
 */
public interface Objective {

  /** Samples in the mini-batch. */
  int samples();

  /**
   * Mean loss and regularisers at {@code weights}; overwrites {@code gradient}; moves normaliser
   * statistics. Returns the loss.
   */
  double gradient(float[] weights, float[] gradient);

  /**
   * The activation penalty within the value that the last {@link #gradient} returned; 0 without
   * one.
   */
  default double penalty() {
    return 0;
  }

  /** The same without moving statistics: the second pass of sharpness-aware minimisation. */
  double gradientKeepingStatistics(float[] weights, float[] gradient);

  /**
   * The same as {@link #gradient(float[], float[])} with another loss of the logits in place of
   * cross-entropy.
   */
  default double gradient(float[] weights, LogitLoss loss, float[] gradient) {
    throw new UnsupportedOperationException("this objective has no logits");
  }

  /** Logits [batch, classes] in evaluation mode: {@code statistics} normalise, and do not move. */
  default float[] logits(float[] weights, float[] statistics) {
    throw new UnsupportedOperationException("this objective has no logits");
  }
}
