package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.fedlayers.nn.Node;

/** Max-pooling and the average over all pixels. */
final class PoolLayer extends PlanLayer {
  private final algorithm kind;
  private final long[] window;
  private final long[] stride;
  private final long[] padding;
  private final memory.desc resultLayout;
  private final pooling_forward.primitive_desc forward;
  private final Region source;
  private final Region winners;

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
    resultLayout = assembly.layouts.image(assembly.size(), node.shape());
    source = input.image();
    boolean training = assembly.purpose.training();
    prop_kind how = training ? prop_kind.forward_training : prop_kind.forward_inference;
    var description =
        new pooling_forward.desc(
            how, kind, source.layout(), resultLayout, stride, window, padding, padding);
    forward =
        new pooling_forward.primitive_desc(description, assembly.attributes(), assembly.engine);
    Region result = assembly.region(resultLayout);
    boolean keeps = forward.workspace_desc().get_size() > 0;
    winners = keeps ? assembly.region(forward.workspace_desc()) : null;
    assembly.step(
        StepKind.POOL,
        name("forward"),
        forward,
        new Primitive.Argument(DNNL_ARG_SRC, source),
        new Primitive.Argument(DNNL_ARG_DST, result),
        new Primitive.Argument(DNNL_ARG_WORKSPACE, winners));
    output = image(result, input.needsGradient);
  }

  @Override
  void backward() {
    // The winner of a window is off where its result is: far fewer values to look at than before
    // the pool.
    boolean masks = kind == algorithm.pooling_max && input.rectified;
    if (masks) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
    var description =
        new pooling_backward.desc(
            kind, source.layout(), resultLayout, stride, window, padding, padding);
    var backward =
        new pooling_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward);
    Region part = assembly.region(source.layout());
    assembly.step(
        StepKind.POOL,
        name("backward"),
        backward,
        new Primitive.Argument(DNNL_ARG_DIFF_DST, output.gradientImage()),
        new Primitive.Argument(DNNL_ARG_DIFF_SRC, part),
        new Primitive.Argument(DNNL_ARG_WORKSPACE, winners));
    input.contributeImage(part, masks);
  }
}
