package org.fedlayers.federated;

import java.io.Serializable;
import org.fedlayers.nn.CrossEntropy;

/**
 * How a model did on some samples; scores of disjoint samples add up.
 *
 * @param correct samples whose largest logit is the label's
 * @param loss summed cross-entropy
 * @param samples how many
 */
public record Score(long correct, double loss, long samples) implements Serializable {
  public static final Score NONE = new Score(0, 0, 0);

  /** Scores weights on all test samples of a problem, on the calling thread. */
  public static Score of(Problem problem, float[] weights, float[] statistics) {
    Score total = NONE;
    try (Problem.Worker worker = problem.newWorker()) {
      for (int piece = 0; piece < problem.scorePieces(); piece++) {
        total = total.plus(worker.score(piece, weights, statistics));
      }
    }
    return total;
  }

  /**
   * Of logits.
   *
   * @param logits [size, classes], row-major
   * @param labels of which the first {@code size} are meant
   */
  public static Score of(float[] logits, int[] labels, int size, int classes) {
    double[] rows = new double[size * classes];
    int correct = 0;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = logits[i];
    }
    for (int i = 0; i < size; i++) {
      correct += best(logits, i, classes) == labels[i] ? 1 : 0;
    }
    double loss = CrossEntropy.INSTANCE.apply(rows, labels, size, classes, new double[rows.length]);
    return new Score(correct, loss * size, size);
  }

  /** The class with the largest of an image's logits, the first of several. */
  static int best(float[] logits, int image, int classes) {
    int best = image * classes;
    for (int j = best + 1; j < (image + 1) * classes; j++) {
      best = logits[j] > logits[best] ? j : best;
    }
    return best - image * classes;
  }

  public Score plus(Score other) {
    return new Score(correct + other.correct, loss + other.loss, samples + other.samples);
  }

  /** In [0, 1]. */
  public double accuracy() {
    return (double) correct / samples;
  }

  public double meanLoss() {
    return loss / samples;
  }
}
