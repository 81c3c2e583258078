package org.fedlayers.nn;

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
      double largest = Double.NEGATIVE_INFINITY;
      double smallest = Double.POSITIVE_INFINITY;
      for (int j = 0; j < classes; j++) {
        largest = Math.max(largest, logits[row + j]);
        smallest = Math.min(smallest, logits[row + j]);
      }
      double sum = 0;
      for (int j = 0; j < classes; j++) {
        gradient[row + j] = StrictMath.exp(logits[row + j] - largest);
        sum += gradient[row + j];
      }
      loss += StrictMath.log(sum) - (logits[row + labels[i]] - largest) + 0 * smallest;
      for (int j = 0; j < classes; j++) {
        gradient[row + j] = (gradient[row + j] / sum - (j == labels[i] ? 1 : 0)) / size;
      }
    }
    return loss / size;
  }
}
