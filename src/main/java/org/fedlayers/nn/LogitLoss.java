package org.fedlayers.nn;

/**
 * A loss of a mini-batch as a function of its logits: cross-entropy, or what a method puts in its
 * place.
 */
@FunctionalInterface
public interface LogitLoss {

  /**
   * The mean loss of {@code size} samples and its gradient.
   *
   * @param logits [size, classes], row-major
   * @param labels the first {@code size} count
   * @param gradient overwritten with the derivative of the mean loss by each logit
   * @return the mean loss
   */
  double apply(double[] logits, int[] labels, int size, int classes, double[] gradient);
}
