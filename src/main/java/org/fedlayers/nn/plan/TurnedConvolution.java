package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor.Role;

/**
 * The forward pass of a convolution by the kernel that oneDNN has for a derivative: with few
 * channels its AVX2 kernel of the forward pass keeps too few sums in registers and reaches 50
 * GFLOP/s where that of the derivative by the input reaches 90.
 *
 * <p>With kernels w of side k and padding p, y_o(i) = sum over c and t of w_oc(t) x_c(i + t - p) is
 * the derivative by its input of a convolution with the kernels v_co(t) = w_oc(k - 1 - t), turned
 * by half a circle, and padding k - 1 - p, where x is the gradient by its output.
 */
final class TurnedConvolution {
  /** Output channels up to which it is faster. */
  private static final int MOST_CHANNELS = 16;

  private TurnedConvolution() {}

  private static boolean suits(Layer.Convolution layer, primitive_desc_base forward) {
    return Primitive.kernel(forward).equals("jit:avx2")
        && layer.channels() <= MOST_CHANNELS
        && layer.stride() == 1
        && layer.dilation() == 1
        && layer.padding() < layer.kernel()
        && !layer.bias();
  }

  /**
   * Appends the steps.
   *
   * @param forward the kernel of the forward pass that it replaces
   * @return the result; null, and no steps, where that kernel is as good
   */
  static Buffer append(
      Assembly assembly,
      Node node,
      Layer.Convolution layer,
      Buffer source,
      Shape from,
      primitive_desc_base forward) {
    if (!suits(layer, forward)) {
      return null;
    }
    int side = layer.kernel();
    memory.desc any = Layouts.any(from.channels(), layer.channels(), side, side);
    memory.desc result = assembly.layouts.image(assembly.size(), node.shape());
    int padding = side - 1 - layer.padding();
    var kernels = new ConvolutionKernels(assembly, Layouts.bias(false), 1, 1, padding);
    algorithm direct = algorithm.convolution_direct;
    var other =
        kernels.forward(
            prop_kind.forward_training, direct, result, any, source.layout, assembly.attributes());
    var derivative = kernels.backwardData(other, direct, result, any, source.layout);
    if (!Primitive.isFast(derivative)) {
      return null;
    }
    Buffer kernel =
        assembly.in(
            derivative.weights_desc(),
            turned(assembly, node, layer, from),
            node.name() + " turned kernel");
    Buffer computed = assembly.buffer(derivative.diff_src_desc());
    assembly.step(
        StepKind.CONVOLUTION_FORWARD,
        node.name() + " forward, turned",
        derivative,
        arg(DNNL_ARG_DIFF_DST, source),
        arg(DNNL_ARG_WEIGHTS, kernel),
        arg(DNNL_ARG_DIFF_SRC, computed));
    return computed;
  }

  private static Buffer turned(Assembly assembly, Node node, Layer.Convolution layer, Shape from) {
    int inputs = from.channels();
    int outputs = layer.channels();
    int side = layer.kernel();
    var kernels = assembly.weights(node, Role.KERNEL, Layouts.plain(outputs, inputs, side, side));
    Buffer turned = assembly.buffer(Layouts.plain(inputs, outputs, side, side));
    assembly.step(
        StepKind.CONVOLUTION_FORWARD,
        node.name() + " kernel turned",
        call -> turn(kernels.floats(), turned.floats(), outputs, inputs, side * side),
        turned);
    return turned;
  }

  private static void turn(FloatBuffer w, FloatBuffer v, int outputs, int inputs, int taps) {
    for (int o = 0; o < outputs; o++) {
      for (int c = 0; c < inputs; c++) {
        for (int t = 0; t < taps; t++) {
          v.put((c * outputs + o) * taps + taps - 1 - t, w.get((o * inputs + c) * taps + t));
        }
      }
    }
  }
}
