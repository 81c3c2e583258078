package org.fedlayers.diagnostics;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax cross-entropy of one chunk, its share of the mean over a whole sample of n images: with p
 * = softmax(z), dz = (p - onehot) / n and Rdz = (p * Rz - p (p . Rz)) / n.
 */
final class DualCrossEntropy {
  private final Dual logits;
  private final int[] labels;
  private final int classes;
  private final double[] probability;
  private final double loss;

  DualCrossEntropy(Dual logits, int[] labels) {
    this.logits = logits;
    this.labels = labels;
    this.classes = (int) logits.value().size(1);
    this.probability = new double[(int) logits.value().length()];
    ArrayValues z = ArrayValues.of(logits.value());
    double sum = 0;
    for (int row = 0; row < probability.length; row += classes) {
      sum += softmax(z, row, labels[row / classes]);
    }
    this.loss = sum;
  }

  private double softmax(ArrayValues z, int row, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = row; j < row + classes; j++) {
      largest = Math.max(largest, z.get(j));
    }
    double sum = 0;
    for (int j = row; j < row + classes; j++) {
      probability[j] = StrictMath.exp(z.get(j) - largest);
      sum += probability[j];
    }
    for (int j = row; j < row + classes; j++) {
      probability[j] /= sum;
    }
    return StrictMath.log(sum) - (z.get(row + label) - largest);
  }

  /** The softmax of the first image. */
  double[] probabilities() {
    return Arrays.copyOf(probability, classes);
  }

  /** The sum of the losses. */
  double loss() {
    return loss;
  }

  /**
   * @param images n
   */
  Dual slope(int images, Arena arena) {
    INDArray value = arena.like(logits.value());
    INDArray tangent = arena.like(logits.value());
    ArrayValues slope = ArrayValues.of(value);
    ArrayValues moving = ArrayValues.of(tangent);
    ArrayValues moved = ArrayValues.of(logits.tangent());
    for (int row = 0; row < probability.length; row += classes) {
      double drift = 0;
      for (int j = row; j < row + classes; j++) {
        drift += probability[j] * moved.get(j);
      }
      for (int j = row; j < row + classes; j++) {
        double hit = j - row == labels[row / classes] ? 1 : 0;
        slope.set(j, (probability[j] - hit) / images);
        moving.set(j, probability[j] * (moved.get(j) - drift) / images);
      }
    }
    return new Dual(value, tangent);
  }
}
