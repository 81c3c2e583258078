package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Winograd.POINTS;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Shape;

/**
 * The products of matrices at the points of a band of {@link Winograd}'s tiles, as convolutions
 * with windows of one pixel: in blocks of channels, these are oneDNN's fastest products.
 */
final class PointProducts {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  private final Assembly assembly;
  private final String name;
  private final Shape sourceShape;
  private final Shape resultShape;
  private final memory.desc sourceLayout;
  private final memory.desc resultLayout;
  private final memory.desc kernelLayout;
  private final memory.desc turnedLayout;

  /** Kernels at all points as {@link #forward} reads and {@link #backwardWeights} writes them. */
  final memory.desc kernels;

  /** Kernels at all points as {@link #backwardData} reads them. */
  final memory.desc turnedKernels;

  private final convolution_forward.primitive_desc forward;

  /**
   * @param tiles of an image, in a band
   */
  PointProducts(Assembly assembly, String name, int sourceChannels, int resultChannels, int tiles) {
    this.assembly = assembly;
    this.name = name;
    Layouts layouts = assembly.layouts;
    sourceShape = new Shape(sourceChannels, tiles, assembly.size());
    resultShape = new Shape(resultChannels, tiles, assembly.size());
    sourceLayout = layouts.image(1, sourceShape);
    resultLayout = layouts.image(1, resultShape);
    boolean wide = layouts.isWide();
    long[] one = {resultChannels, sourceChannels, 1, 1};
    long[] all = {POINTS, resultChannels, sourceChannels, 1, 1};
    kernelLayout = desc(one, wide ? format_tag.OIhw16i16o : format_tag.OIhw8i8o);
    turnedLayout = desc(one, wide ? format_tag.IOhw16o16i : format_tag.OIhw8o8i);
    kernels = desc(all, wide ? format_tag.gOIhw16i16o : format_tag.gOIhw8i8o);
    turnedKernels = desc(all, wide ? format_tag.gIOhw16o16i : format_tag.gOIhw8o8i);
    forward =
        new convolution_forward.primitive_desc(
            new convolution_forward.desc(
                prop_kind.forward_training,
                algorithm.convolution_direct,
                sourceLayout,
                kernelLayout,
                resultLayout,
                ONE,
                NONE,
                NONE),
            assembly.attributes(),
            assembly.engine);
  }

  private static memory.desc desc(long[] dimensions, format_tag tag) {
    return new memory.desc(dimensions, memory.data_type.f32, tag);
  }

  /** Memory for what comes in, at all points. */
  Region sources() {
    return assembly.region(assembly.layouts.image(POINTS, sourceShape));
  }

  /** Memory for what comes out, at all points. */
  Region results() {
    return assembly.region(assembly.layouts.image(POINTS, resultShape));
  }

  List<Primitive> forward(Region sources, Region kernels, Region results) {
    return repeated(
        StepKind.CONVOLUTION_FORWARD,
        "products",
        forward,
        new Operand(DNNL_ARG_SRC, sources, sourceLayout),
        new Operand(DNNL_ARG_WEIGHTS, kernels, kernelLayout),
        new Operand(DNNL_ARG_DST, results, resultLayout));
  }

  List<Primitive> backwardData(Region slopes, Region turnedKernels, Region parts) {
    var backward =
        new convolution_backward_data.primitive_desc(
            new convolution_backward_data.desc(
                algorithm.convolution_direct,
                sourceLayout,
                turnedLayout,
                resultLayout,
                ONE,
                NONE,
                NONE),
            assembly.attributes(),
            assembly.engine,
            forward);
    return repeated(
        StepKind.CONVOLUTION_BACKWARD_DATA,
        "products backward",
        backward,
        new Operand(DNNL_ARG_DIFF_DST, slopes, resultLayout),
        new Operand(DNNL_ARG_WEIGHTS, turnedKernels, turnedLayout),
        new Operand(DNNL_ARG_DIFF_SRC, parts, sourceLayout));
  }

  List<Primitive> backwardWeights(Region sources, Region slopes, Region kernels) {
    var backward =
        new convolution_backward_weights.primitive_desc(
            new convolution_backward_weights.desc(
                algorithm.convolution_direct,
                sourceLayout,
                kernelLayout,
                resultLayout,
                ONE,
                NONE,
                NONE),
            assembly.attributes(),
            assembly.engine,
            forward);
    return repeated(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        "products for kernel gradient",
        backward,
        new Operand(DNNL_ARG_SRC, sources, sourceLayout),
        new Operand(DNNL_ARG_DIFF_DST, slopes, resultLayout),
        new Operand(DNNL_ARG_DIFF_WEIGHTS, kernels, kernelLayout));
  }

  /** One primitive for each point. */
  private List<Primitive> repeated(
      StepKind kind, String what, primitive_desc_base description, Operand... operands) {
    return IntStream.range(0, POINTS)
        .mapToObj(
            point ->
                assembly.primitive(
                    kind,
                    name + " " + what,
                    description,
                    Stream.of(operands)
                        .map(operand -> operand.at(point, assembly))
                        .toArray(Primitive.Argument[]::new)))
        .toList();
  }

  /**
   * A region that holds all points one after the other, in a role of a primitive.
   *
   * @param layout of one point
   */
  private record Operand(int role, Region all, memory.desc layout) {

    Primitive.Argument at(int point, Assembly assembly) {
      return new Primitive.Argument(role, assembly.view(all, layout, point * layout.get_size()));
    }
  }
}
