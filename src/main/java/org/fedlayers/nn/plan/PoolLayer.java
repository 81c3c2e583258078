package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;

/** Max-pooling and the average over all pixels. */
final class PoolLayer extends PlanLayer {
  private final algorithm kind;
  private final long[] window;
  private final long[] stride;
  private final long[] padding;
  private final memory.desc resultLayout;
  private pooling_forward.primitive_desc forward;
  private Region source;
  private Region winners;

  PoolLayer(Assembly assembly, Node node, Value input) {
    super(assembly, node, input, false);
    if (node.layer() instanceof Layer.MaxPool max) {
      kind = algorithm.pooling_max;
      window = new long[] {max.kernel(), max.kernel()};
      stride = new long[] {max.stride(), max.stride()};
      padding = new long[] {max.padding(), max.padding()};
    } else {
      kind = algorithm.pooling_avg_exclude_padding;
      window = new long[] {input.shape().height(), input.shape().width()};
      stride = window;
      padding = new long[2];
    }
    resultLayout = assembly.layouts().image(assembly.size(), node.shape());
  }

  @Override
  Value forward() {
    boolean training = assembly.purpose().training();
    source = VectorImages.of(assembly, input);
    var description =
        new pooling_forward.desc(
            training ? prop_kind.forward_training : prop_kind.forward_inference,
            kind,
            source.layout(),
            resultLayout,
            stride,
            window,
            padding,
            padding);
    forward =
        new pooling_forward.primitive_desc(description, assembly.attributes(), assembly.engine());
    Region result = assembly.region(resultLayout);
    boolean keeps = forward.workspace_desc().get_size() > 0;
    winners = keeps ? assembly.region(forward.workspace_desc()) : null;
    assembly.step(
        StepKind.POOL,
        name("forward"),
        forward,
        new Argument(DNNL_ARG_SRC, source),
        new Argument(DNNL_ARG_DST, result),
        new Argument(DNNL_ARG_WORKSPACE, winners));
    output = VectorImages.value(assembly, node, result, input.needsGradient());
    return output;
  }

  @Override
  void backward() {
    if (!input.needsGradient()) {
      return;
    }
    // The winner of a window is off where its result is: far fewer values to look at than before
    // the pool.
    boolean masks = kind == algorithm.pooling_max && input.rectified();
    if (masks) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
    var description =
        new pooling_backward.desc(
            kind, source.layout(), resultLayout, stride, window, padding, padding);
    var backward =
        new pooling_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine(), forward);
    Region part = assembly.region(source.layout());
    assembly.step(
        StepKind.POOL,
        name("backward"),
        backward,
        new Argument(DNNL_ARG_DIFF_DST, VectorImages.gradient(assembly, output)),
        new Argument(DNNL_ARG_DIFF_SRC, part),
        new Argument(DNNL_ARG_WORKSPACE, winners));
    VectorImages.contribute(assembly, input, part, masks);
  }
}
