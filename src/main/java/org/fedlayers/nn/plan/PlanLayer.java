package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.fedlayers.nn.Node;

/** One layer's way of being computed: appends its steps to an assembly. */
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

  /** Appends the forward steps; called in topological order. */
  abstract Value forward();

  /**
   * Appends the backward steps, which contribute to the gradients of the inputs; called in reverse
   * order, once the output's gradient is complete.
   */
  abstract void backward();

  /** Turns the output's gradient into that before the ReLU, where that is yet to be done. */
  final void backThroughRelu() {
    if (relu && !output.masked()) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
  }

  /** Of a layer that normalises by batch. */
  final void requireTwo(double values) {
    if (values < 2) {
      throw new IllegalArgumentException(
          name("normalises by batch and has one value a channel; it needs two"));
    }
  }

  /** A step's, for profiles. */
  final String name(String what) {
    return node.name() + " " + what;
  }
}
