package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;
import static org.fedlayers.nn.plan.Winograd.TILE_VALUES;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor.Role;

/**
 * The kernels g of a convolution as {@link Winograd} multiplies by them, G g G', and their gradient
 * back from there: for all K C kernels at once a product with the matrix G (x) G, each way.
 */
final class TransformedKernels {
  private final Assembly assembly;
  private final Node node;
  private final memory.desc plain;
  private final int count;
  private final int taps;
  private final float[] matrix;

  TransformedKernels(
      Assembly assembly, Node node, int channels, int inputChannels, Winograd winograd) {
    this.assembly = assembly;
    this.node = node;
    plain = Layouts.plain(TILE_VALUES, channels, inputChannels, 1, 1);
    count = channels * inputChannels;
    taps = winograd.kernel() * winograd.kernel();
    matrix = winograd.kernelTransform();
  }

  /**
   * The transformed kernels.
   *
   * @param layout of [tile values, channels, input channels, 1, 1]
   */
  Buffer of(StepKind kind, memory.desc layout) {
    Buffer transformed = assembly.buffer(Layouts.plain(TILE_VALUES, count));
    Buffer kernels = assembly.weights(node, Role.KERNEL, Layouts.columns(taps, count));
    multiply(kind, "transformed", matrix(kind), kernels, transformed);
    return assembly.in(layout, assembly.view(transformed, plain), name("in blocks"));
  }

  /** Fills in the kernel's gradient, given that by the transformed kernels. */
  void gradient(Buffer transformedGradient) {
    StepKind kind = StepKind.CONVOLUTION_BACKWARD_WEIGHTS;
    Buffer rows = assembly.in(plain, transformedGradient, name("transformed gradient"));
    Buffer columns = assembly.view(rows, Layouts.columns(count, TILE_VALUES));
    Buffer gradient = assembly.gradient(node, Role.KERNEL, Layouts.plain(count, taps));
    multiply(kind, "gradient", columns, matrix(kind), gradient);
  }

  private String name(String what) {
    return node.name() + ".kernel " + what;
  }

  private Buffer matrix(StepKind kind) {
    Buffer buffer = assembly.buffer(Layouts.plain(TILE_VALUES, taps));
    assembly.step(kind, name("transform"), call -> buffer.floats().put(0, matrix), buffer);
    return buffer;
  }

  private void multiply(StepKind kind, String what, Buffer left, Buffer right, Buffer product) {
    var description =
        new matmul.primitive_desc(
            new matmul.desc(left.layout, right.layout, product.layout),
            assembly.attributes(),
            assembly.engine);
    assembly.step(
        kind,
        name(what),
        description,
        arg(DNNL_ARG_SRC, left),
        arg(DNNL_ARG_WEIGHTS, right),
        arg(DNNL_ARG_DST, product));
  }
}
