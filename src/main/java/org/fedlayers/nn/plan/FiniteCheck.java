package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Notices infinite values after a ReLU. The next layer makes NaN of them, oneDNN's ReLU 0 of that,
 * and the logits would be finite and those of any image.
 */
final class FiniteCheck {
  private static final int LANES = 1024;

  private final float[] values = new float[LANES];
  private final float[] lanes = new float[LANES];

  static void append(Assembly assembly, Buffer activation) {
    var check = new FiniteCheck();
    assembly.step(
        StepKind.ACTIVATION,
        "finite",
        call -> call.finite &= check.isFinite(activation.floats()),
        activation);
  }

  private boolean isFinite(FloatBuffer activations) {
    Arrays.fill(lanes, 0);
    for (int at = 0; at < activations.capacity(); at += LANES) {
      int count = Math.min(LANES, activations.capacity() - at);
      activations.get(at, values, 0, count);
      addZeros(count);
    }
    for (float lane : lanes) {
      if (lane != 0) {
        return false;
      }
    }
    return true;
  }

  /** 0 times infinity is NaN, and remains. */
  private void addZeros(int count) {
    for (int i = 0; i < count; i++) {
      lanes[i] += 0 * values[i];
    }
  }
}
