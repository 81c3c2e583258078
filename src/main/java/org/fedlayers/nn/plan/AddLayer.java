package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.fedlayers.nn.Node;

/** The end of a skip connection, with the ReLU that follows it if any. */
final class AddLayer implements PlanLayer {
  private final Assembly assembly;
  private final Node node;
  private final Value left;
  private final Value right;
  private final boolean relu;
  private Value output;

  AddLayer(Assembly assembly, Node node, Value left, Value right, boolean relu) {
    this.assembly = assembly;
    this.node = node;
    this.left = left;
    this.right = right;
    this.relu = relu;
  }

  @Override
  public Value forward() {
    Region one = Images.standard(assembly, left);
    Region other = Images.standard(assembly, right);
    Region result = assembly.region(one.layout());
    assembly.add(node.name(), one, other, result, relu);
    boolean needsGradient = left.needsGradient() || right.needsGradient();
    output = new Value(node.shape(), result, needsGradient);
    return output;
  }

  @Override
  public void backward() {
    if (relu && !output.masked()) {
      ActivationLayer.backward(assembly, output, algorithm.eltwise_relu_use_dst_for_bwd);
    }
    for (Value input : new Value[] {right, left}) {
      if (input.needsGradient()) {
        input.contributeShared(assembly, output.gradient());
      }
    }
  }
}
