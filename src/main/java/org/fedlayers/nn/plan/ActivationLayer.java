package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;

/** An activation that no layer before it computes on the way; its derivative is of the output. */
final class ActivationLayer extends PlanLayer {
  private final algorithm function;

  ActivationLayer(Assembly assembly, Node node, Value input, Layer.Function name) {
    super(assembly, node, input, false);
    function =
        switch (name) {
          case RELU -> algorithm.eltwise_relu_use_dst_for_bwd;
          case TANH -> algorithm.eltwise_tanh_use_dst_for_bwd;
        };
    Buffer source = input.standard();
    Buffer result = assembly.buffer(source.layout);
    assembly.step(
        StepKind.ACTIVATION,
        node.name(),
        description(assembly, function, source.layout),
        arg(DNNL_ARG_SRC, source),
        arg(DNNL_ARG_DST, result));
    output = new Value(assembly, node.shape(), result, input.needsGradient);
  }

  @Override
  void backward() {
    if (!output.masked()) {
      backward(assembly, output, function);
    }
    input.contribute(output.gradient());
  }

  /** In place: turns dL/d(output) of an activation into dL/d(input). */
  static void backward(Assembly assembly, Value output, algorithm function) {
    memory.desc layout = output.buffer.layout;
    Buffer target = output.overwritable();
    var description =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(function, layout, layout, 0, 0),
            assembly.attributes(),
            assembly.engine,
            description(assembly, function, layout));
    assembly.step(
        StepKind.ACTIVATION,
        "activation backward",
        description,
        arg(DNNL_ARG_DST, output.buffer),
        arg(DNNL_ARG_DIFF_DST, output.gradient()),
        arg(DNNL_ARG_DIFF_SRC, target));
    output.replaceGradient(target);
  }

  private static eltwise_forward.primitive_desc description(
      Assembly assembly, algorithm function, memory.desc layout) {
    var description = new eltwise_forward.desc(prop_kind.forward_training, function, layout, 0, 0);
    return new eltwise_forward.primitive_desc(description, assembly.attributes(), assembly.engine);
  }
}
