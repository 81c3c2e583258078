package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;
import static org.fedlayers.nn.plan.Winograd.TILE_VALUES;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Shape;

/**
 * The 36 matrix products, one for each value of a transformed tile, in a band of {@link Winograd}'s
 * tiles: [tiles x images, C] by [C, K]. They run as convolutions with kernels of 1x1, which in
 * blocks of channels are oneDNN's fastest products.
 */
final class TileProducts {
  private static final algorithm DIRECT = algorithm.convolution_direct;

  private final Assembly assembly;
  private final String name;
  private final Shape sourceShape;
  private final Shape resultShape;
  private final memory.desc source;
  private final memory.desc result;
  private final memory.desc kernel;
  private final memory.desc transposedKernel;

  /** Layout of all transformed kernels as the forward pass and the kernel gradient take them. */
  final memory.desc kernels;

  /** Layout of all transformed kernels as the derivative by the source reads them. */
  final memory.desc transposedKernels;

  private final ConvolutionKernels products;
  private final convolution_forward.primitive_desc forward;

  /**
   * @param tiles of an image, in a band
   */
  TileProducts(Assembly assembly, String name, int sourceChannels, int resultChannels, int tiles) {
    this.assembly = assembly;
    this.name = name;
    sourceShape = new Shape(sourceChannels, tiles, assembly.size());
    resultShape = new Shape(resultChannels, tiles, assembly.size());
    source = assembly.layouts.image(1, sourceShape);
    result = assembly.layouts.image(1, resultShape);
    boolean wide = assembly.layouts.isWide();
    long[] one = {resultChannels, sourceChannels, 1, 1};
    long[] all = {TILE_VALUES, resultChannels, sourceChannels, 1, 1};
    kernel = Layouts.described(one, wide ? format_tag.OIhw16i16o : format_tag.OIhw8i8o);
    transposedKernel = Layouts.described(one, wide ? format_tag.IOhw16o16i : format_tag.OIhw8o8i);
    kernels = Layouts.described(all, wide ? format_tag.gOIhw16i16o : format_tag.gOIhw8i8o);
    transposedKernels =
        Layouts.described(all, wide ? format_tag.gIOhw16o16i : format_tag.gOIhw8o8i);
    products = new ConvolutionKernels(assembly, Layouts.bias(false), 1, 1, 0);
    forward =
        products.forward(
            prop_kind.forward_training, DIRECT, source, kernel, result, assembly.attributes());
  }

  /** A buffer for the transformed tiles of the source, or of its gradient. */
  Buffer sources() {
    return assembly.buffer(assembly.layouts.image(TILE_VALUES, sourceShape));
  }

  /** A buffer for the transformed tiles of the result, or of its gradient. */
  Buffer results() {
    return assembly.buffer(assembly.layouts.image(TILE_VALUES, resultShape));
  }

  List<Primitive> forward(Buffer sources, Buffer kernels, Buffer results) {
    return repeated(
        StepKind.CONVOLUTION_FORWARD,
        "products",
        forward,
        new Operand(DNNL_ARG_SRC, sources, source),
        new Operand(DNNL_ARG_WEIGHTS, kernels, kernel),
        new Operand(DNNL_ARG_DST, results, result));
  }

  List<Primitive> backwardData(
      Buffer resultGradients, Buffer transposedKernels, Buffer sourceGradients) {
    return repeated(
        StepKind.CONVOLUTION_BACKWARD_DATA,
        "products backward",
        products.backwardData(forward, DIRECT, source, transposedKernel, result),
        new Operand(DNNL_ARG_DIFF_DST, resultGradients, result),
        new Operand(DNNL_ARG_WEIGHTS, transposedKernels, transposedKernel),
        new Operand(DNNL_ARG_DIFF_SRC, sourceGradients, source));
  }

  List<Primitive> backwardWeights(Buffer sources, Buffer resultGradients, Buffer kernelGradients) {
    return repeated(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        "products for kernel gradient",
        products.backwardWeights(forward, DIRECT, source, kernel, result),
        new Operand(DNNL_ARG_SRC, sources, source),
        new Operand(DNNL_ARG_DIFF_DST, resultGradients, result),
        new Operand(DNNL_ARG_DIFF_WEIGHTS, kernelGradients, kernel));
  }

  /** One primitive for each value of a tile. */
  private List<Primitive> repeated(
      StepKind kind, String what, primitive_desc_base description, Operand... operands) {
    return IntStream.range(0, TILE_VALUES)
        .mapToObj(
            i ->
                assembly.primitive(
                    kind,
                    name + " " + what,
                    description,
                    Stream.of(operands)
                        .map(operand -> operand.at(i, assembly))
                        .toArray(Primitive.Argument[]::new)))
        .toList();
  }

  /**
   * A buffer that holds the matrices of all products one after the other, in a role of a primitive.
   *
   * @param layout of one matrix
   */
  private record Operand(int role, Buffer all, memory.desc layout) {
    Primitive.Argument at(int product, Assembly assembly) {
      return arg(role, assembly.view(all, layout, product * layout.get_size()));
    }
  }
}
