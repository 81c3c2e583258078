package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;

/** oneDNN's primitives for one convolution, none of them a reference kernel if it can be helped. */
final class ConvolutionKernels {
  private final Assembly assembly;
  private final Shape input;
  private final Shape result;
  private final boolean pixels;

  /**
   * Direct, or Winograd's where oneDNN finds it faster: windows of 3 with AVX-512. Not for pixels:
   * it would fill their few channels up to whole blocks.
   */
  private final algorithm usual;

  private final long[] kernel;
  private final memory.desc bias;
  private final long[] stride;
  private final long[] dilation;
  private final long[] padding;
  private final convolution_forward.primitive_desc forward;

  /**
   * @param pixels whether the input is that of the network, which needs no gradient
   * @param relu whether the forward primitive takes it on the way
   */
  ConvolutionKernels(
      Assembly assembly,
      Layer.Convolution layer,
      Shape input,
      Shape result,
      boolean pixels,
      boolean relu) {
    this.assembly = assembly;
    this.input = input;
    this.result = result;
    this.pixels = pixels;
    usual = pixels ? algorithm.convolution_direct : algorithm.convolution_auto;
    kernel = new long[] {layer.channels(), input.channels(), layer.kernel(), layer.kernel()};
    bias = layer.bias() ? Layouts.plain(layer.channels()) : null;
    stride = new long[] {layer.stride(), layer.stride()};
    dilation = new long[] {layer.dilation() - 1, layer.dilation() - 1};
    padding = new long[] {layer.padding(), layer.padding()};
    forward = fastest((from, to) -> forward(from, to, relu));
  }

  /** The kernel as the network keeps it. */
  memory.desc plainKernel() {
    return Layouts.plain(kernel);
  }

  private static boolean isWinograd(primitive_desc_base description) {
    return Primitive.kernel(description).contains("wino");
  }

  convolution_forward.primitive_desc forward() {
    return forward;
  }

  private convolution_forward.primitive_desc forward(
      memory.desc from, memory.desc to, boolean relu) {
    boolean training = assembly.purpose.training();
    prop_kind kind = training ? prop_kind.forward_training : prop_kind.forward_inference;
    memory.desc any = Layouts.any(kernel);
    var description =
        bias == null
            ? new convolution_forward.desc(
                kind, usual, from, any, to, stride, dilation, padding, padding)
            : new convolution_forward.desc(
                kind, usual, from, any, bias, to, stride, dilation, padding, padding);
    return new convolution_forward.primitive_desc(
        description, assembly.attributes(relu), assembly.engine);
  }

  /**
   * As the forward kernel goes: oneDNN's own choice shuns Winograd here, at up to half the speed.
   */
  convolution_backward_weights.primitive_desc backwardWeights() {
    return fastest(
        (from, to) -> {
          if (isWinograd(forward)) {
            var winograd = backwardWeights(from, to, algorithm.convolution_winograd);
            if (winograd.asBoolean()) {
              return winograd;
            }
          }
          return backwardWeights(from, to, usual);
        });
  }

  /** Empty if there is no such kernel. */
  private convolution_backward_weights.primitive_desc backwardWeights(
      memory.desc from, memory.desc to, algorithm how) {
    memory.desc any = Layouts.any(kernel);
    var description =
        bias == null
            ? new convolution_backward_weights.desc(
                how, from, any, to, stride, dilation, padding, padding)
            : new convolution_backward_weights.desc(
                how, from, any, bias, to, stride, dilation, padding, padding);
    boolean mayBeEmpty = how == algorithm.convolution_winograd;
    return new convolution_backward_weights.primitive_desc(
        description, assembly.attributes(), assembly.engine, forward, mayBeEmpty);
  }

  convolution_backward_data.primitive_desc backwardData() {
    return fastest(
        (from, to) -> {
          var description =
              new convolution_backward_data.desc(
                  usual, from, Layouts.any(kernel), to, stride, dilation, padding, padding);
          return new convolution_backward_data.primitive_desc(
              description, assembly.attributes(), assembly.engine, forward);
        });
  }

  /**
   * The first kernel that is not a reference one: for the layouts of this layer's neighbours, else
   * for narrow blocks, else for whatever layouts oneDNN likes, with reorders around it.
   */
  private <D extends primitive_desc_base> D fastest(Kernel<D> kernel) {
    int size = assembly.size();
    memory.desc usualResult = assembly.layouts.image(size, result);
    memory.desc anySource = Layouts.any(Layouts.dimensions(size, input));
    // Pixels may take any layout: no other layer reads the copy.
    D usual = kernel.of(pixels ? anySource : assembly.layouts.image(size, input), usualResult);
    if (Primitive.isFast(usual)) {
      return usual;
    }
    if (!pixels) {
      D narrow = kernel.of(Layouts.narrow(size, input), Layouts.narrow(size, result));
      if (Primitive.isFast(narrow)) {
        return narrow;
      }
    }
    return kernel.of(anySource, Layouts.any(Layouts.dimensions(size, result)));
  }

  private interface Kernel<D> {
    D of(memory.desc source, memory.desc result);
  }
}
