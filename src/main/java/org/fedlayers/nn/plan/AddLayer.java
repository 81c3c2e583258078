package org.fedlayers.nn.plan;

import org.fedlayers.nn.Node;

/** The end of a skip connection, with the ReLU that follows it if any. */
final class AddLayer extends PlanLayer {
  private final Value right;

  AddLayer(Assembly assembly, Node node, Value left, Value right, boolean relu) {
    super(assembly, node, left, relu);
    this.right = right;
    Buffer one = left.standard();
    Buffer other = right.standard();
    Buffer result = assembly.buffer(one.layout);
    assembly.add(node.name(), one, other, result, relu);
    boolean needsGradient = left.needsGradient || right.needsGradient;
    output = new Value(assembly, node.shape(), result, needsGradient);
  }

  @Override
  void backward() {
    backThroughRelu();
    for (Value side : new Value[] {right, input}) {
      if (side.needsGradient) {
        side.contributeShared(output.gradient());
      }
    }
  }
}
