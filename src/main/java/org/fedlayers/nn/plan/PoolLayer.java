package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.fedlayers.nn.Node;

/** Max-pooling, and the average over all pixels. */
final class PoolLayer extends PlanLayer {
  private final algorithm kind;
  private final long[] window;
  private final long[] stride;
  private final long[] padding;
  private final pooling_forward.primitive_desc forward;
  private final Buffer source;
  private final Buffer workspace;

  PoolLayer(
      Assembly assembly,
      Node node,
      Value input,
      algorithm kind,
      long[] window,
      long[] stride,
      long[] padding) {
    super(assembly, node, input, false);
    this.kind = kind;
    this.window = window;
    this.stride = stride;
    this.padding = padding;
    source = input.image();
    boolean training = assembly.purpose.training();
    prop_kind how = training ? prop_kind.forward_training : prop_kind.forward_inference;
    memory.desc resultLayout = assembly.layouts.image(assembly.size(), node.shape());
    var description =
        new pooling_forward.desc(
            how, kind, source.layout, resultLayout, stride, window, padding, padding);
    forward =
        new pooling_forward.primitive_desc(description, assembly.attributes(), assembly.engine);
    Buffer result = assembly.buffer(resultLayout);
    boolean keeps = forward.workspace_desc().get_size() > 0;
    workspace = keeps ? assembly.buffer(forward.workspace_desc()) : null;
    assembly.step(
        StepKind.POOL,
        name("forward"),
        forward,
        arg(DNNL_ARG_SRC, source),
        arg(DNNL_ARG_DST, result),
        arg(DNNL_ARG_WORKSPACE, workspace));
    output = image(result, input.needsGradient);
  }

  @Override
  void backward() {
    // Where the largest value of a window is 0 after a ReLU, so is the pool's result: the ReLU's
    // derivative is taken there, over far fewer values.
    boolean masks = kind == algorithm.pooling_max && input.rectified;
    if (masks) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
    var description =
        new pooling_backward.desc(
            kind, source.layout, forward.dst_desc(), stride, window, padding, padding);
    var backward =
        new pooling_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward);
    Buffer part = assembly.buffer(source.layout);
    assembly.step(
        StepKind.POOL,
        name("backward"),
        backward,
        arg(DNNL_ARG_DIFF_DST, output.gradientImage()),
        arg(DNNL_ARG_DIFF_SRC, part),
        arg(DNNL_ARG_WORKSPACE, workspace));
    input.contributeImage(part, masks);
  }
}
