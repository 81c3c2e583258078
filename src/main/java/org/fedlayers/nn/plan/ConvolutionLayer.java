package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import java.util.function.BiFunction;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor.Role;

/**
 * Convolution, with the ReLU that follows it if any. No kernel is a reference kernel if that can be
 * helped.
 */
final class ConvolutionLayer extends PlanLayer {
  /** Pixels up to which an image counts as small. */
  private static final int SMALL_IMAGE = 256;

  private final ConvolutionKernels kernels;

  /** Whether the input is the network's, which needs no gradient. */
  private final boolean images;

  private final algorithm usual;

  /** Of the source and the result between layers. */
  private final memory.desc usualSource;

  private final memory.desc usualResult;
  private final memory.desc any;
  private final memory.desc plainKernel;
  private final memory.desc biasLayout;
  private final convolution_forward.primitive_desc forward;
  private final Buffer source;

  /** As the forward kernel reads them; null where it reads turned ones. */
  private final Buffer weights;

  ConvolutionLayer(
      Assembly assembly, Node node, Layer.Convolution layer, Value input, boolean relu) {
    super(assembly, node, input, relu);
    images = !input.needsGradient;
    usualSource = assembly.layouts.image(assembly.size(), input.shape);
    usualResult = assembly.layouts.image(assembly.size(), node.shape());
    long side = layer.kernel();
    long[] kernel = {layer.channels(), input.shape.channels(), side, side};
    any = Layouts.any(kernel);
    plainKernel = Layouts.plain(kernel);
    biasLayout = Layouts.bias(layer.bias(), layer.channels());
    kernels =
        new ConvolutionKernels(
            assembly, biasLayout, layer.stride(), layer.dilation(), layer.padding());
    usual = usual(layer);
    forward = fastest((from, to) -> forward(usual, from, to));
    Buffer image = images && !input.shape.isVector() ? input.buffer : input.image();
    source = assembly.in(forward.src_desc(), image, name("source"));
    Buffer result =
        images || relu
            ? null
            : TurnedConvolution.append(assembly, node, layer, source, input.shape, forward);
    if (result != null) {
      weights = null;
    } else {
      weights = assembly.in(forward.weights_desc(), plainWeights(), name("kernel"));
      result = assembly.buffer(forward.dst_desc());
      assembly.step(
          StepKind.CONVOLUTION_FORWARD,
          name("forward"),
          forward,
          arg(DNNL_ARG_SRC, source),
          arg(DNNL_ARG_WEIGHTS, weights),
          arg(DNNL_ARG_DST, result),
          arg(DNNL_ARG_BIAS, assembly.weights(node, Role.BIAS, biasLayout)));
    }
    output = image(assembly.in(usualResult, result, name("result")), true);
  }

  /**
   * What is fastest with AVX-512, for 3x3 kernels: Winograd's algorithm from 32 channels on, which
   * oneDNN by itself leaves to larger batches, and a direct sum of 16 channels of small images,
   * whose tiles evict each other from the cache at a batch of 64. Else it is oneDNN's choice; for
   * the network's images a direct sum, since all else would pad their few channels.
   */
  private algorithm usual(Layer.Convolution layer) {
    if (images) {
      return algorithm.convolution_direct;
    }
    boolean isThree = layer.kernel() == 3 && layer.stride() == 1 && layer.dilation() == 1;
    if (!isThree || !assembly.layouts.isWide()) {
      return algorithm.convolution_auto;
    }
    int channels = Math.min(input.shape.channels(), layer.channels());
    if (channels <= 16) {
      boolean small = node.shape().pixels() <= SMALL_IMAGE;
      return small ? algorithm.convolution_direct : algorithm.convolution_auto;
    }
    var winograd = forward(algorithm.convolution_winograd, usualSource, usualResult);
    return winograd.asBoolean() ? algorithm.convolution_winograd : algorithm.convolution_auto;
  }

  private convolution_forward.primitive_desc forward(
      algorithm how, memory.desc from, memory.desc to) {
    boolean training = assembly.purpose.training();
    prop_kind kind = training ? prop_kind.forward_training : prop_kind.forward_inference;
    return kernels.forward(kind, how, from, any, to, assembly.attributes(relu));
  }

  private Buffer plainWeights() {
    return assembly.weights(node, Role.KERNEL, plainKernel);
  }

  /**
   * The first kernel that is not a reference one: for the layouts of this layer's neighbours, else
   * for narrow blocks, else for whatever layouts oneDNN likes, with reorders around it.
   */
  private <D extends primitive_desc_base> D fastest(
      BiFunction<memory.desc, memory.desc, D> description) {
    int size = assembly.size();
    memory.desc anySource = Layouts.any(Layouts.dimensions(size, input.shape));
    // Images may take any layout: no other layer reads the copy.
    D found = description.apply(images ? anySource : usualSource, usualResult);
    if (!Primitive.isFast(found) && !images) {
      found =
          description.apply(Layouts.narrow(size, input.shape), Layouts.narrow(size, node.shape()));
    }
    return Primitive.isFast(found)
        ? found
        : description.apply(anySource, Layouts.any(Layouts.dimensions(size, node.shape())));
  }

  @Override
  void backward() {
    backThroughRelu();
    Buffer outputGradient = output.gradientImage();
    backwardWeights(outputGradient);
    if (input.needsGradient) {
      backwardData(outputGradient);
    }
  }

  private void backwardWeights(Buffer outputGradient) {
    var backward = fastest(this::describeBackwardWeights);
    Buffer plain = assembly.gradient(node, Role.KERNEL, plainKernel);
    boolean isPlain = backward.diff_weights_desc().equals(plain.layout);
    Buffer target = isPlain ? plain : assembly.buffer(backward.diff_weights_desc());
    Buffer from = assembly.in(backward.src_desc(), source, name("source"));
    Buffer to = assembly.in(backward.diff_dst_desc(), outputGradient, name("output gradient"));
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        name("kernel gradient"),
        backward,
        arg(DNNL_ARG_SRC, from),
        arg(DNNL_ARG_DIFF_DST, to),
        arg(DNNL_ARG_DIFF_WEIGHTS, target),
        arg(DNNL_ARG_DIFF_BIAS, assembly.gradient(node, Role.BIAS, biasLayout)));
    if (!isPlain) {
      assembly.copy(target, plain, name("kernel gradient"));
    }
  }

  /** By the forward kernel's algorithm: oneDNN itself avoids Winograd and is half as fast. */
  private convolution_backward_weights.primitive_desc describeBackwardWeights(
      memory.desc from, memory.desc to) {
    if (Primitive.kernel(forward).contains("wino")) {
      var winograd =
          kernels.backwardWeights(forward, algorithm.convolution_winograd, from, any, to);
      if (winograd.asBoolean()) {
        return winograd;
      }
    }
    return kernels.backwardWeights(forward, usual, from, any, to);
  }

  private void backwardData(Buffer outputGradient) {
    var backward = fastest((from, to) -> kernels.backwardData(forward, usual, from, any, to));
    Buffer kernel =
        weights != null && backward.weights_desc().equals(weights.layout)
            ? weights
            : assembly.in(backward.weights_desc(), plainWeights(), name("transposed kernel"));
    Buffer part = assembly.buffer(backward.diff_src_desc());
    Buffer to = assembly.in(backward.diff_dst_desc(), outputGradient, name("output gradient"));
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_DATA,
        name("backward"),
        backward,
        arg(DNNL_ARG_DIFF_DST, to),
        arg(DNNL_ARG_WEIGHTS, kernel),
        arg(DNNL_ARG_DIFF_SRC, part));
    input.contributeImage(assembly.in(usualSource, part, name("input gradient")), false);
  }
}
