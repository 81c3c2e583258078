package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/** Convolution, with the ReLU that follows it if any. */
final class ConvolutionLayer implements PlanLayer {
  /** Direct, or Winograd's where oneDNN finds it faster: windows of 3 with AVX-512. */
  private static final algorithm ALGORITHM = algorithm.convolution_auto;

  private final Assembly assembly;
  private final Node node;
  private final Value input;
  private final boolean relu;
  private final Tensor kernel;
  private final Tensor bias;
  private final long[] kernelDimensions;
  private final long[] stride;
  private final long[] dilation;
  private final long[] padding;
  private final memory.desc resultLayout;
  private convolution_forward.primitive_desc forward;
  private Region source;
  private Region weights;
  private Value output;

  ConvolutionLayer(Assembly assembly, Node node, Value input, boolean relu) {
    this.assembly = assembly;
    this.node = node;
    this.input = input;
    this.relu = relu;
    List<Tensor> tensors = assembly.weightsOf(node);
    kernel = tensors.get(0);
    bias = tensors.size() > 1 ? tensors.get(1) : null;
    Layer.Convolution layer = (Layer.Convolution) node.layer();
    int in = input.shape().channels();
    kernelDimensions = new long[] {layer.channels(), in, layer.kernel(), layer.kernel()};
    stride = new long[] {layer.stride(), layer.stride()};
    dilation = new long[] {layer.dilation() - 1, layer.dilation() - 1};
    padding = new long[] {layer.padding(), layer.padding()};
    resultLayout = assembly.layouts().image(assembly.size(), node.shape());
  }

  @Override
  public Value forward() {
    forward = fastest(this::forward);
    source = assembly.in(forward.src_desc(), inputImage(), name("source"));
    weights = assembly.in(forward.weights_desc(), plainWeights(), name("kernel"));
    Region result = assembly.region(forward.dst_desc());
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_SRC, source));
    arguments.add(Argument.of(DNNL_ARG_WEIGHTS, weights));
    arguments.add(Argument.of(DNNL_ARG_DST, result));
    if (bias != null) {
      arguments.add(Argument.of(DNNL_ARG_BIAS, assembly.weights(bias, biasLayout())));
    }
    assembly.step(
        StepKind.CONVOLUTION_FORWARD, name("forward"), forward, arguments.toArray(Argument[]::new));
    output = Images.value(assembly, node, assembly.in(resultLayout, result, name("result")), true);
    return output;
  }

  private convolution_forward.primitive_desc forward(memory.desc from, memory.desc to) {
    boolean training = assembly.purpose().training();
    prop_kind kind = training ? prop_kind.forward_training : prop_kind.forward_inference;
    memory.desc any = Layouts.any(kernelDimensions);
    algorithm how = ALGORITHM;
    var description =
        bias == null
            ? new convolution_forward.desc(
                kind, how, from, any, to, stride, dilation, padding, padding)
            : new convolution_forward.desc(
                kind, how, from, any, biasLayout(), to, stride, dilation, padding, padding);
    return new convolution_forward.primitive_desc(
        description, assembly.attributes(relu), assembly.engine());
  }

  /**
   * The first kernel that is not a reference one: for the layouts of this layer's neighbours, else
   * for narrow blocks, else for whatever layouts oneDNN likes, with reorders around it.
   */
  private <D extends primitive_desc_base> D fastest(Kernel<D> kernel) {
    int size = assembly.size();
    memory.desc anySource = Layouts.any(Layouts.dimensions(size, input.shape()));
    if (input.needsGradient()) {
      D usual = kernel.of(assembly.layouts().image(size, input.shape()), resultLayout);
      if (Kernels.isFast(usual.impl_info_str().getString())) {
        return usual;
      }
      D narrow = kernel.of(Layouts.narrow(size, input.shape()), Layouts.narrow(size, node.shape()));
      if (Kernels.isFast(narrow.impl_info_str().getString())) {
        return narrow;
      }
    } else {
      // The pixels themselves may take any layout: no other layer reads the copy. But Winograd's
      // would fill whole blocks of channels.
      D direct = kernel.of(anySource, resultLayout);
      String implementation = direct.impl_info_str().getString();
      if (Kernels.isFast(implementation) && !isWinograd(implementation)) {
        return direct;
      }
    }
    return kernel.of(anySource, Layouts.any(Layouts.dimensions(size, node.shape())));
  }

  private static boolean isWinograd(String implementation) {
    return implementation.contains("wino");
  }

  private Region inputImage() {
    boolean pixels = !input.needsGradient() && !Layouts.isVector(input.shape());
    return pixels ? input.region() : Images.of(assembly, input);
  }

  private Region plainWeights() {
    return assembly.weights(kernel, Layouts.plain(kernelDimensions));
  }

  private memory.desc biasLayout() {
    return Layouts.plain(node.shape().channels());
  }

  @Override
  public void backward() {
    if (relu && !output.masked()) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
    Region slope = Images.gradient(assembly, output);
    backwardWeights(slope);
    if (input.needsGradient()) {
      backwardData(slope);
    }
  }

  private void backwardWeights(Region slope) {
    var backward = fastest(this::backwardWeights);
    Region plain = assembly.gradient(kernel, Layouts.plain(kernelDimensions));
    boolean isPlain = backward.diff_weights_desc().equals(plain.layout());
    Region target = isPlain ? plain : assembly.region(backward.diff_weights_desc());
    Region from = assembly.in(backward.src_desc(), source, name("source"));
    Region to = assembly.in(backward.diff_dst_desc(), slope, name("slope"));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_SRC, from));
    arguments.add(Argument.of(DNNL_ARG_DIFF_DST, to));
    arguments.add(Argument.of(DNNL_ARG_DIFF_WEIGHTS, target));
    if (bias != null) {
      arguments.add(Argument.of(DNNL_ARG_DIFF_BIAS, assembly.gradient(bias, biasLayout())));
    }
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        name("kernel gradient"),
        backward,
        arguments.toArray(Argument[]::new));
    if (!isPlain) {
      assembly.copy(target, plain, name("kernel gradient"));
    }
  }

  /**
   * As the forward kernel goes: oneDNN's own choice shuns Winograd here, at up to half the speed.
   */
  private convolution_backward_weights.primitive_desc backwardWeights(
      memory.desc from, memory.desc to) {
    if (isWinograd(forward.impl_info_str().getString())) {
      var winograd = backwardWeights(from, to, algorithm.convolution_winograd);
      if (winograd.asBoolean()) {
        return winograd;
      }
    }
    return backwardWeights(from, to, ALGORITHM);
  }

  /** Empty if there is no such kernel. */
  private convolution_backward_weights.primitive_desc backwardWeights(
      memory.desc from, memory.desc to, algorithm how) {
    memory.desc any = Layouts.any(kernelDimensions);
    var description =
        bias == null
            ? new convolution_backward_weights.desc(
                how, from, any, to, stride, dilation, padding, padding)
            : new convolution_backward_weights.desc(
                how, from, any, biasLayout(), to, stride, dilation, padding, padding);
    boolean mayBeEmpty = how == algorithm.convolution_winograd;
    return new convolution_backward_weights.primitive_desc(
        description, assembly.attributes(), assembly.engine(), forward, mayBeEmpty);
  }

  private void backwardData(Region slope) {
    var backward = fastest(this::backwardData);
    Region turned =
        backward.weights_desc().equals(weights.layout())
            ? weights
            : assembly.in(backward.weights_desc(), plainWeights(), name("turned kernel"));
    Region part = assembly.region(backward.diff_src_desc());
    Region to = assembly.in(backward.diff_dst_desc(), slope, name("slope"));
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_DATA,
        name("backward"),
        backward,
        Argument.of(DNNL_ARG_DIFF_DST, to),
        Argument.of(DNNL_ARG_WEIGHTS, turned),
        Argument.of(DNNL_ARG_DIFF_SRC, part));
    memory.desc usual = assembly.layouts().image(assembly.size(), input.shape());
    Images.contribute(assembly, input, assembly.in(usual, part, name("slope of source")));
  }

  private convolution_backward_data.primitive_desc backwardData(memory.desc from, memory.desc to) {
    var description =
        new convolution_backward_data.desc(
            ALGORITHM, from, Layouts.any(kernelDimensions), to, stride, dilation, padding, padding);
    return new convolution_backward_data.primitive_desc(
        description, assembly.attributes(), assembly.engine(), forward);
  }

  private interface Kernel<D> {
    D of(memory.desc source, memory.desc result);
  }

  private String name(String what) {
    return node.name() + " " + what;
  }
}
