package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import org.fedlayers.nn.Normaliser;

/** Moves running statistics towards the batch's: S = 0.9 S + 0.1 batch, the variance unbiased. */
record MovingStatistics(
    Region runningMean, Region runningVariance, Region mean, Region variance, long count)
    implements Step.Action {

  @Override
  public void run(Call call) {
    if (call.moving) {
      move(runningMean.floats(), mean.floats(), 1);
      move(runningVariance.floats(), variance.floats(), count / (count - 1.0));
    }
  }

  private static void move(FloatBuffer running, FloatBuffer batch, double factor) {
    for (int i = 0; i < running.capacity(); i++) {
      double moved =
          (1 - Normaliser.RATE) * running.get(i) + Normaliser.RATE * factor * batch.get(i);
      running.put(i, (float) moved);
    }
  }
}
