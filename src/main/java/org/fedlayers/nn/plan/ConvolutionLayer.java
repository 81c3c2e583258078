package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.List;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/** Convolution, with the ReLU that follows it if any. */
final class ConvolutionLayer extends PlanLayer {
  private final Tensor kernel;
  private final Tensor bias;
  private final ConvolutionKernels kernels;
  private Region source;
  private Region weights;

  ConvolutionLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu);
    List<Tensor> tensors = assembly.weightsOf(node);
    kernel = tensors.get(0);
    bias = tensors.size() > 1 ? tensors.get(1) : null;
    Layer.Convolution layer = (Layer.Convolution) node.layer();
    boolean pixels = !input.needsGradient();
    kernels = new ConvolutionKernels(assembly, layer, input.shape(), node.shape(), pixels, relu);
  }

  @Override
  Value forward() {
    var forward = kernels.forward();
    source = assembly.in(forward.src_desc(), inputImage(), name("source"));
    weights = assembly.in(forward.weights_desc(), plainWeights(), name("kernel"));
    Region result = assembly.region(forward.dst_desc());
    assembly.step(
        StepKind.CONVOLUTION_FORWARD,
        name("forward"),
        forward,
        new Argument(DNNL_ARG_SRC, source),
        new Argument(DNNL_ARG_WEIGHTS, weights),
        new Argument(DNNL_ARG_DST, result),
        new Argument(DNNL_ARG_BIAS, bias == null ? null : assembly.weights(bias, biasLayout())));
    memory.desc usual = assembly.layouts().image(assembly.size(), node.shape());
    output = VectorImages.value(assembly, node, assembly.in(usual, result, name("result")), true);
    return output;
  }

  private Region inputImage() {
    boolean pixels = !input.needsGradient() && !Layouts.isVector(input.shape());
    return pixels ? input.region() : VectorImages.of(assembly, input);
  }

  private Region plainWeights() {
    return assembly.weights(kernel, kernels.plainKernel());
  }

  private memory.desc biasLayout() {
    return Layouts.plain(node.shape().channels());
  }

  @Override
  void backward() {
    backThroughRelu();
    Region slope = VectorImages.gradient(assembly, output);
    backwardWeights(slope);
    if (input.needsGradient()) {
      backwardData(slope);
    }
  }

  private void backwardWeights(Region slope) {
    var backward = kernels.backwardWeights();
    Region plain = assembly.gradient(kernel, kernels.plainKernel());
    boolean isPlain = backward.diff_weights_desc().equals(plain.layout());
    Region target = isPlain ? plain : assembly.region(backward.diff_weights_desc());
    Region from = assembly.in(backward.src_desc(), source, name("source"));
    Region to = assembly.in(backward.diff_dst_desc(), slope, name("slope"));
    assembly.step(
        StepKind.CONVOLUTION_BACKWARD_WEIGHTS,
        name("kernel gradient"),
        backward,
        new Argument(DNNL_ARG_SRC, from),
        new Argument(DNNL_ARG_DIFF_DST, to),
        new Argument(DNNL_ARG_DIFF_WEIGHTS, target),
        new Argument(
            DNNL_ARG_DIFF_BIAS, bias == null ? null : assembly.gradient(bias, biasLayout())));
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
        new Argument(DNNL_ARG_DIFF_DST, to),
        new Argument(DNNL_ARG_WEIGHTS, turned),
        new Argument(DNNL_ARG_DIFF_SRC, part));
    memory.desc usual = assembly.layouts().image(assembly.size(), input.shape());
    VectorImages.contribute(assembly, input, assembly.in(usual, part, name("slope of source")));
  }
}
