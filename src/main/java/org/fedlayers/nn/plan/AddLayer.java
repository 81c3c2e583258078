package org.fedlayers.nn.plan;

import org.fedlayers.nn.Node;

/** The end of a skip connection, with the ReLU that follows it if any. */
final class AddLayer extends PlanLayer {
  private final Value right;

  AddLayer(Assembly assembly, Node node, Value left, Value right, boolean relu) {
    super(assembly, node, left, relu);
    this.right = right;
  }

  @Override
  Value forward() {
    Region one = VectorImages.standard(assembly, input);
    Region other = VectorImages.standard(assembly, right);
    Region result = assembly.region(one.layout());
    assembly.add(node.name(), one, other, result, relu);
    boolean needsGradient = input.needsGradient() || right.needsGradient();
    output = new Value(node.shape(), result, needsGradient);
    return output;
  }

  @Override
  void backward() {
    backThroughRelu();
    for (Value side : new Value[] {right, input}) {
      if (side.needsGradient()) {
        side.contributeShared(assembly, output.gradient());
      }
    }
  }
}
