package org.fedlayers.federated;

import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.LogitLoss;

/**
 * The objective of one mini-batch as a function of the weights: the loss of a model on a batch plus
 * its regularisers, or a quadratic in a test.
 */
public interface Objective {

  /** Samples in the mini-batch. */
  int samples();

  /**
   * Mean loss and regularisers at {@code weights}, with their gradient.
   *
   * @param loss of the logits
   * @param keepStatistics whether normaliser statistics stay; else they move as in training
   * @param gradient overwritten
   * @return the value
   */
  double gradient(float[] weights, LogitLoss loss, boolean keepStatistics, float[] gradient);

  /** The gradient of the cross-entropy; moves normaliser statistics. */
  default double gradient(float[] weights, float[] gradient) {
    return gradient(weights, CrossEntropy.INSTANCE, gradient);
  }

  /** The gradient of another loss of the logits; moves normaliser statistics. */
  default double gradient(float[] weights, LogitLoss loss, float[] gradient) {
    return gradient(weights, loss, false, gradient);
  }

  /** The second pass of sharpness-aware minimisation: normaliser statistics stay. */
  default double gradientKeepingStatistics(float[] weights, float[] gradient) {
    return gradient(weights, CrossEntropy.INSTANCE, true, gradient);
  }

  /** The activation penalty in the last value of a pass that moved statistics; 0 without one. */
  default double penalty() {
    return 0;
  }

  /** Logits [batch, classes] in evaluation mode: {@code statistics} normalise, and do not move. */
  default float[] logits(float[] weights, float[] statistics) {
    throw new UnsupportedOperationException("this objective has no logits");
  }
}
