package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor.Role;

/** Convolution, with the ReLU that follows it if any. */
final class ConvolutionLayer extends PlanLayer {
  private final ConvolutionKernels kernels;
  private final memory.desc biasLayout;
  private final Region source;
  private final Region weights;

  ConvolutionLayer(
      Assembly assembly, Node node, Layer.Convolution layer, Value input, boolean relu) {
    super(assembly, node, input, relu);
    boolean pixels = !input.needsGradient;
    kernels = new ConvolutionKernels(assembly, layer, input.shape, node.shape(), pixels, relu);
    biasLayout = Layouts.plain(layer.channels());
    var forward = kernels.forward();
    Region image = pixels && !Layouts.isVector(input.shape) ? input.region : input.image();
    source = assembly.in(forward.src_desc(), image, name("source"));
    weights = assembly.in(forward.weights_desc(), plainWeights(), name("kernel"));
    Region result = assembly.region(forward.dst_desc());
    assembly.step(
        StepKind.CONVOLUTION_FORWARD,
        name("forward"),
        forward,
        new Primitive.Argument(DNNL_ARG_SRC, source),
        new Primitive.Argument(DNNL_ARG_WEIGHTS, weights),
        new Primitive.Argument(DNNL_ARG_DST, result),
        new Primitive.Argument(DNNL_ARG_BIAS, assembly.weights(node, Role.BIAS, biasLayout)));
    memory.desc usual = assembly.layouts.image(assembly.size(), node.shape());
    output = image(assembly.in(usual, result, name("result")), true);
  }

  private Region plainWeights() {
    return assembly.weights(node, Role.KERNEL, kernels.plainKernel());
  }

  @Override
  void backward() {
    backThroughRelu();
    Region slope = output.gradientImage();
    backwardWeights(slope);
    if (input.needsGradient) {
      backwardData(slope);
    }
  }

  private void backwardWeights(Region slope) {
    var backward = kernels.backwardWeights();
    Region plain = assembly.gradient(node, Role.KERNEL, kernels.plainKernel());
    boolean isPlain = backward.diff_weights_desc().equals(plain.layout());
    Region target = isPlain ? plain : assembly.region(backward.diff_weights_desc());
    Region from = assembly.in(backward.src_desc(), source, name("source"));
    Region to = assembly.in(backward.diff_dst_desc(), slope, name("slope"));
    Region bias = assembly.gradient(node, Role.BIAS, biasLayout);
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        name("kernel gradient"),
        backward,
        new Primitive.Argument(DNNL_ARG_SRC, from),
        new Primitive.Argument(DNNL_ARG_DIFF_DST, to),
        new Primitive.Argument(DNNL_ARG_DIFF_WEIGHTS, target),
        new Primitive.Argument(DNNL_ARG_DIFF_BIAS, bias));
    if (!isPlain) {
      assembly.copy(target, plain, name("kernel gradient"));
    }
  }

  private void backwardData(Region slope) {
    var backward = kernels.backwardData();
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
        new Primitive.Argument(DNNL_ARG_DIFF_DST, to),
        new Primitive.Argument(DNNL_ARG_WEIGHTS, turned),
        new Primitive.Argument(DNNL_ARG_DIFF_SRC, part));
    memory.desc usual = assembly.layouts.image(assembly.size(), input.shape);
    input.contributeImage(assembly.in(usual, part, name("slope of source")), false);
  }
}
