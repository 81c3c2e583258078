package org.fedlayers.federated;

import java.util.Arrays;
import java.util.List;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * Linear clients of one sample each: gradient, loss, statistics and score are the same everywhere
 * and can be set to any number, so that a test need not make arithmetic overflow to get one.
 */
final class LinearProblem implements Problem {
  private static final int WEIGHTS = 6;

  float gradient = 1;
  double loss = 1;
  float[] moved = {0, 1};
  double scored = 1;

  @Override
  public int clients() {
    return 3;
  }

  @Override
  public int samples(int client) {
    return 1;
  }

  @Override
  public int batchesPerEpoch(int client) {
    return 1;
  }

  @Override
  public int weightCount() {
    return WEIGHTS;
  }

  @Override
  public List<Tensor> statistics() {
    return Quadratic.STATISTICS;
  }

  @Override
  public int scorePieces() {
    return 2;
  }

  @Override
  public Worker newWorker() {
    return new Worker() {
      @Override
      public Objective batch(int client, long step, float[] statistics, Pass pass) {
        System.arraycopy(moved, 0, statistics, 0, 2);
        return new Same();
      }

      @Override
      public Score score(int piece, float[] weights, float[] statistics) {
        return new Score(1, piece == 1 ? scored : 1, 10);
      }

      @Override
      public void close() {}
    };
  }

  private final class Same implements Objective {
    @Override
    public int samples() {
      return 1;
    }

    @Override
    public double gradient(float[] weights, LogitLoss replaced, boolean keep, float[] into) {
      // Where the point that the second pass asks for is no number, the gradient there is none.
      float sum = 0;
      for (float weight : weights) {
        sum += keep ? 0 * weight : 0;
      }
      Arrays.fill(into, gradient + sum);
      return loss;
    }

    @Override
    public float[] logits(float[] weights, float[] statistics) {
      return new float[2];
    }
  }
}
