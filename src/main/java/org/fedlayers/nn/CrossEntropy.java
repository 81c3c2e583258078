package org.fedlayers.nn;

import java.util.Objects;

/**
 * Softmax cross-entropy, -log softmax(logits)[label], averaged over the batch; NaN if any logit is
 * not finite, even one whose class then has a probability of 0.
 */
public enum CrossEntropy implements LogitLoss {
  INSTANCE;

  @Override
  public double apply(double[] logits, int[] labels, int size, int classes, double[] gradient) {
    double loss = 0;
    for (int i = 0; i < size; i++) {
      int row = i * classes;
      loss += softmax(logits, row, classes, labels[i], gradient);
      for (int j = 0; j < classes; j++) {
        gradient[row + j] = (gradient[row + j] - (j == labels[i] ? 1 : 0)) / size;
      }
    }
    return loss / size;
  }

  /**
   * The softmax of one sample.
   *
   * @param row where its logits start, and its probabilities, which are overwritten
   * @return the loss of the sample
   * @throws IndexOutOfBoundsException if the label is none of the classes
   */
  public static double softmax(
      double[] logits, int row, int classes, int label, double[] probabilities) {
    double largest = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    for (int j = row; j < row + classes; j++) {
      largest = Math.max(largest, logits[j]);
      smallest = Math.min(smallest, logits[j]);
    }
    double sum = 0;
    for (int j = row; j < row + classes; j++) {
      probabilities[j] = StrictMath.exp(logits[j] - largest);
      sum += probabilities[j];
    }
    for (int j = row; j < row + classes; j++) {
      probabilities[j] /= sum;
    }
    double hit = logits[row + Objects.checkIndex(label, classes)];
    return StrictMath.log(sum) - (hit - largest) + 0 * smallest;
  }
}
