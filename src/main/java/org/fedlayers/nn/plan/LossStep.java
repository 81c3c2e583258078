package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import org.fedlayers.nn.LogitLoss;

/** Hands the logits to the loss in double precision, and its gradient back. */
final class LossStep implements Step.Action {
  private final int size;
  private final int classes;
  private final Region logits;
  private final Region slopes;
  private final double[] values;
  private final double[] gradient;

  LossStep(int size, int classes, Region logits, Region slopes) {
    this.size = size;
    this.classes = classes;
    this.logits = logits;
    this.slopes = slopes;
    values = new double[size * classes];
    gradient = new double[size * classes];
  }

  @Override
  public void run(Call call) {
    FloatBuffer from = logits.floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = from.get(i);
    }
    LogitLoss loss = call.loss;
    call.lossValue = loss.apply(values, call.batch.labels(), size, classes, gradient);
    FloatBuffer to = slopes.floats();
    for (int i = 0; i < gradient.length; i++) {
      to.put(i, (float) gradient[i]);
    }
  }
}
