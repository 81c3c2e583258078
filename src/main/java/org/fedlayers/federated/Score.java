package org.fedlayers.federated;

import java.io.Serializable;

/**
 * How a model did on some samples; scores of disjoint samples add up.
 *
 * @param correct samples whose largest logit is the label's
 * @param loss summed cross-entropy
 * @param samples how many
 */
public record Score(long correct, double loss, long samples) implements Serializable {
  public static final Score NONE = new Score(0, 0, 0);

  /** Of weights on all test samples of a problem, on this thread. */
  public static Score of(Problem problem, float[] weights, float[] statistics) {
    Score total = NONE;
    try (Problem.Worker worker = problem.newWorker()) {
      for (int piece = 0; piece < problem.scorePieces(); piece++) {
        total = total.plus(worker.score(piece, weights, statistics));
      }
    }
    return total;
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
