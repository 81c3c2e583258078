package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Winograd.POINTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor.Role;

/**
 * The windows of a convolution's kernel at the points of {@link Winograd}, and their gradient back
 * from there: a product with one small matrix each way.
 */
final class WindowPoints {
  private final Assembly assembly;
  private final Node node;
  private final int channels;
  private final int inputChannels;
  private final int windows;
  private final int taps;
  private final float[] transform;

  WindowPoints(Assembly assembly, Node node, int channels, int inputChannels, Winograd winograd) {
    this.assembly = assembly;
    this.node = node;
    this.channels = channels;
    this.inputChannels = inputChannels;
    windows = channels * inputChannels;
    taps = winograd.window() * winograd.window();
    transform = winograd.windowToPoints();
  }

  /**
   * @param layout of [points, channels, input channels, 1, 1]
   */
  Region toPoints(StepKind kind, memory.desc layout) {
    Region points = assembly.region(Layouts.plain(POINTS, windows));
    Region values = assembly.weights(node, Role.KERNEL, Layouts.columns(taps, windows));
    multiply(kind, "to points", transform(kind), values, points);
    return assembly.in(layout, assembly.view(points, plain()), name("at points"));
  }

  /** Fills in the kernel's gradient, given that at the points. */
  void giveGradient(Region points) {
    StepKind kind = StepKind.CONVOLUTION_BACKWARD_WEIGHTS;
    Region plain = assembly.in(plain(), points, name("gradient at points"));
    Region columns = assembly.view(plain, Layouts.columns(windows, POINTS));
    Region gradient = assembly.gradient(node, Role.KERNEL, Layouts.plain(windows, taps));
    multiply(kind, "gradient", columns, transform(kind), gradient);
  }

  private String name(String what) {
    return node.name() + ".kernel " + what;
  }

  private memory.desc plain() {
    return Layouts.plain(POINTS, channels, inputChannels, 1, 1);
  }

  private Region transform(StepKind kind) {
    Region matrix = assembly.region(Layouts.plain(POINTS, taps));
    assembly.step(kind, name("transform"), call -> matrix.floats().put(0, transform), matrix);
    return matrix;
  }

  private void multiply(StepKind kind, String what, Region left, Region right, Region product) {
    var description =
        new matmul.primitive_desc(
            new matmul.desc(left.layout(), right.layout(), product.layout()),
            assembly.attributes(),
            assembly.engine);
    assembly.step(
        kind,
        name(what),
        description,
        new Primitive.Argument(DNNL_ARG_SRC, left),
        new Primitive.Argument(DNNL_ARG_WEIGHTS, right),
        new Primitive.Argument(DNNL_ARG_DST, product));
  }
}
