package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/** MAN's penalty on one activation a: zeta/2 times the mean of a^2 over batch and units. */
final class PenaltyLayer {
  private static final int CHUNK = 4096;
  private static final int LANES = 64;

  private final Assembly assembly;
  private final Value activation;
  private final float[] chunk = new float[CHUNK];
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

  /** The sum of squares in a fixed order: lanes of floats within a chunk, doubles across. */
  private double squares(FloatBuffer values) {
    double sum = 0;
    for (int at = 0; at < values.capacity(); at += CHUNK) {
      int count = Math.min(CHUNK, values.capacity() - at);
      values.get(at, chunk, 0, count);
      java.util.Arrays.fill(chunk, count, CHUNK, 0f);
      java.util.Arrays.fill(lanes, 0f);
      for (int i = 0; i < CHUNK; i += LANES) {
        for (int j = 0; j < LANES; j++) {
          lanes[j] += chunk[i + j] * chunk[i + j];
        }
      }
      for (float lane : lanes) {
        sum += lane;
      }
    }
    return sum;
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
