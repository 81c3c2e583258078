package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * MAN's penalty on one activation a: zeta/2 times the mean of a^2 over batch and units. Its value
 * is summed up where its gradient is added, so that a is read once.
 */
final class PenaltyLayer {
  private static final int LANES = 1024;

  private final Assembly assembly;
  private final Value activation;
  private final float[] values = new float[LANES];
  private final float[] gradients = new float[LANES];
  private final float[] lanes = new float[LANES];
  private final double zeta;
  private final double units;
  private double value;

  PenaltyLayer(Assembly assembly, Value activation) {
    this.assembly = assembly;
    this.activation = activation;
    this.zeta = assembly.purpose.penalty();
    this.units = (double) assembly.size() * activation.shape.size();
  }

  /** Adds zeta a / (batch x units) to the gradient by a, if there is one. */
  void backward() {
    Buffer buffer = activation.buffer;
    if (!activation.needsGradient) {
      assembly.step(StepKind.PENALTY, "penalty", call -> pass(buffer.floats(), null, null), buffer);
      return;
    }
    Buffer gradient = activation.gradient();
    Buffer target = activation.overwritable();
    assembly.step(
        StepKind.PENALTY,
        "penalty",
        call -> pass(buffer.floats(), gradient.floats(), target.floats()),
        buffer,
        gradient,
        target);
    activation.replaceGradient(target);
  }

  /** Appends the sum of all layers' penalties, once all have been computed. */
  static void addUp(Assembly assembly, List<PenaltyLayer> all) {
    assembly.step(
        StepKind.PENALTY, "penalties", call -> all.forEach(layer -> call.penalty += layer.value));
  }

  /** Sums squares in a fixed order: over lanes of floats, the lanes then in double. */
  private void pass(FloatBuffer activations, FloatBuffer gradient, FloatBuffer target) {
    float factor = (float) (zeta / units);
    Arrays.fill(lanes, 0);
    for (int at = 0; at < activations.capacity(); at += LANES) {
      int count = Math.min(LANES, activations.capacity() - at);
      activations.get(at, values, 0, count);
      Arrays.fill(values, count, LANES, 0);
      Moments.addSquares(lanes, values, 0);
      if (gradient != null) {
        gradient.get(at, gradients, 0, count);
        addMultiple(gradients, factor, values);
        target.put(at, gradients, 0, count);
      }
    }
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    value = zeta / 2 * sum / units;
  }

  private static void addMultiple(float[] sums, float factor, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[i];
    }
  }
}
