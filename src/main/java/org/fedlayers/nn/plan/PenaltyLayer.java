package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/** MAN's penalty on one activation a: zeta/2 times the mean of a^2 over batch and units. */
final class PenaltyLayer {
  private static final int LANES = 1024;

  private final Assembly assembly;
  private final Value activation;
  private final float[] chunk = new float[LANES];
  private final float[] lanes = new float[LANES];
  private final double zeta;
  private final double units;

  PenaltyLayer(Assembly assembly, Value activation) {
    this.assembly = assembly;
    this.activation = activation;
    this.zeta = assembly.purpose().penalty();
    this.units = (double) assembly.size() * activation.shape().size();
  }

  void forward() {
    Region region = activation.region();
    assembly.step(call -> call.penalty += zeta / 2 * squares(region.floats()) / units, region);
  }

  /** The sum of squares in a fixed order: over lanes of floats, the lanes then in double. */
  private double squares(FloatBuffer values) {
    Arrays.fill(lanes, 0);
    for (int at = 0; at < values.capacity(); at += LANES) {
      int count = Math.min(LANES, values.capacity() - at);
      values.get(at, chunk, 0, count);
      Arrays.fill(chunk, count, LANES, 0);
      addSquares(lanes, chunk);
    }
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }

  private static void addSquares(float[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i] * values[i];
    }
  }

  /** Adds zeta a / (batch x units) to the gradient by a. */
  void backward() {
    Region region = activation.region();
    memory.desc layout = region.layout();
    Region target = activation.overwritable(assembly);
    primitive_attr attributes = assembly.attributes();
    attributes.set_scales(DNNL_ARG_SRC_1, 0, new float[] {(float) (zeta / units)});
    var description =
        new binary.primitive_desc(
            new binary.desc(algorithm.binary_add, layout, layout, layout),
            attributes,
            assembly.engine());
    assembly.step(
        "penalty",
        "add",
        description,
        Argument.of(DNNL_ARG_SRC_0, activation.gradient()),
        Argument.of(DNNL_ARG_SRC_1, region),
        Argument.of(DNNL_ARG_DST, target));
    activation.replaceGradient(target);
  }
}
