package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor.Role;

/**
 * Fully connected, with the ReLU that follows it if any. Images are read as plain vectors: that
 * copies a few activations, and spares weights and their gradient, which are many more, a reorder.
 */
final class DenseLayer extends PlanLayer {
  private final memory.desc kernelLayout;
  private final memory.desc biasLayout;
  private final memory.desc resultLayout;
  private final Buffer source;

  /** A product of matrices: with AVX-512, oneDNN's inner product takes half as long again. */
  DenseLayer(Assembly assembly, Node node, Layer.Dense layer, Value input, boolean relu) {
    super(assembly, node, input, relu);
    kernelLayout = Layouts.plain(layer.units(), input.shape.size());
    biasLayout = Layouts.bias(layer.bias(), layer.units());
    resultLayout = Layouts.plain(assembly.size(), layer.units());
    source = input.plainVector();
    memory.desc columns = Layouts.columns(input.shape.size(), layer.units());
    memory.desc biasRow = Layouts.bias(layer.bias(), 1, layer.units());
    var product = new matmul.desc(source.layout, columns, biasRow, resultLayout);
    Buffer result = assembly.buffer(resultLayout);
    assembly.step(
        StepKind.DENSE,
        name("forward"),
        new matmul.primitive_desc(product, assembly.attributes(relu), assembly.engine),
        arg(DNNL_ARG_SRC, source),
        arg(DNNL_ARG_WEIGHTS, assembly.weights(node, Role.KERNEL, columns)),
        arg(DNNL_ARG_DST, result),
        arg(DNNL_ARG_BIAS, assembly.weights(node, Role.BIAS, biasRow)));
    output = new Value(assembly, node.shape(), result, true);
  }

  @Override
  void backward() {
    backThroughRelu();
    var forward =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                prop_kind.forward_training, source.layout, kernelLayout, resultLayout),
            assembly.attributes(),
            assembly.engine);
    backwardWeights(forward);
    if (input.needsGradient) {
      backwardData(forward);
    }
  }

  private void backwardWeights(inner_product_forward.primitive_desc forward) {
    var description =
        new inner_product_backward_weights.desc(
            source.layout, kernelLayout, biasLayout, resultLayout);
    Buffer kernel = assembly.gradient(node, Role.KERNEL, kernelLayout);
    assembly.step(
        StepKind.DENSE,
        name("kernel gradient"),
        new inner_product_backward_weights.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward),
        arg(DNNL_ARG_SRC, source),
        arg(DNNL_ARG_DIFF_DST, output.gradient()),
        arg(DNNL_ARG_DIFF_WEIGHTS, kernel),
        arg(DNNL_ARG_DIFF_BIAS, assembly.gradient(node, Role.BIAS, biasLayout)));
  }

  private void backwardData(inner_product_forward.primitive_desc forward) {
    var description =
        new inner_product_backward_data.desc(source.layout, kernelLayout, resultLayout);
    Buffer part = assembly.buffer(source.layout);
    assembly.step(
        StepKind.DENSE,
        name("backward"),
        new inner_product_backward_data.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward),
        arg(DNNL_ARG_DIFF_DST, output.gradient()),
        arg(DNNL_ARG_WEIGHTS, assembly.weights(node, Role.KERNEL, kernelLayout)),
        arg(DNNL_ARG_DIFF_SRC, part));
    input.contributeVector(part);
  }
}
