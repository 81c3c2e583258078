package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;

/** Max-pooling and the average over all pixels. */
final class PoolLayer implements PlanLayer {
  private final Assembly assembly;
  private final Node node;
  private final Value input;
  private final algorithm kind;
  private final long[] window;
  private final long[] stride;
  private final long[] padding;
  private final memory.desc resultLayout;
  private pooling_forward.primitive_desc forward;
  private Region source;
  private Region winners;
  private Value output;

  PoolLayer(Assembly assembly, Node node, Value input) {
    this.assembly = assembly;
    this.node = node;
    this.input = input;
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
  public Value forward() {
    boolean training = assembly.purpose().training();
    source = Images.of(assembly, input);
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
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_SRC, source));
    arguments.add(Argument.of(DNNL_ARG_DST, result));
    if (forward.workspace_desc().get_size() > 0) {
      winners = assembly.region(forward.workspace_desc());
      arguments.add(Argument.of(DNNL_ARG_WORKSPACE, winners));
    }
    assembly.step(
        StepKind.POOL, node.name() + " forward", forward, arguments.toArray(Argument[]::new));
    output = Images.value(assembly, node, result, input.needsGradient());
    return output;
  }

  @Override
  public void backward() {
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
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_DIFF_DST, Images.gradient(assembly, output)));
    arguments.add(Argument.of(DNNL_ARG_DIFF_SRC, part));
    if (winners != null) {
      arguments.add(Argument.of(DNNL_ARG_WORKSPACE, winners));
    }
    assembly.step(
        StepKind.POOL, node.name() + " backward", backward, arguments.toArray(Argument[]::new));
    Images.contribute(assembly, input, part, masks);
  }
}
