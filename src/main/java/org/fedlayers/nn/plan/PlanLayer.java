package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.fedlayers.nn.Node;

/** A layer in a plan being compiled: its constructor appends the forward steps. */
abstract class PlanLayer {
  final Assembly assembly;
  final Node node;
  final Value input;
  final boolean relu;
  Value output;

  /**
   * @param relu whether it computes the ReLU that follows it, too
   */
  PlanLayer(Assembly assembly, Node node, Value input, boolean relu) {
    this.assembly = assembly;
    this.node = node;
    this.input = input;
    this.relu = relu;
  }

  /**
   * Appends the backward steps, which contribute to the gradients of the inputs; called in reverse
   * order, once the output's gradient is complete.
   */
  abstract void backward();

  /** This layer's output, given that it was computed as an image. */
  final Value image(Buffer result, boolean needsGradient) {
    Buffer buffer = node.shape().isVector() ? Value.flat(assembly, result) : result;
    return new Value(assembly, node.shape(), buffer, needsGradient);
  }

  /** Turns the output's gradient into that before the ReLU, where that is yet to be done. */
  final void backThroughRelu() {
    if (relu && !output.masked()) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
  }

  /** The name of a step, for profiles. */
  final String name(String what) {
    return node.name() + " " + what;
  }
}
