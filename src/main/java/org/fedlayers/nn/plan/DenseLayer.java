package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.List;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/**
 * Fully connected, with the ReLU that follows it if any. Images are read as plain vectors: that
 * copies a few activations, and spares weights and their gradient, which are many more, a reorder.
 */
final class DenseLayer extends PlanLayer {
  private final Tensor kernel;
  private final Tensor bias;
  private final memory.desc kernelLayout;
  private final memory.desc biasLayout;
  private final memory.desc resultLayout;
  private Region source;

  DenseLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu);
    List<Tensor> tensors = assembly.weightsOf(node);
    kernel = tensors.get(0);
    bias = tensors.size() > 1 ? tensors.get(1) : null;
    int units = node.shape().channels();
    kernelLayout = Layouts.plain(units, input.shape().size());
    biasLayout = Layouts.plain(units);
    resultLayout = Layouts.plain(assembly.size(), units);
  }

  /** A product of matrices: with AVX-512, oneDNN's inner product takes half as long again. */
  @Override
  Value forward() {
    source = VectorImages.vector(assembly, input);
    memory.desc columns = Layouts.columns(input.shape().size(), node.shape().channels());
    memory.desc biasRow = Layouts.plain(1, node.shape().channels());
    var product =
        bias == null
            ? new matmul.desc(source.layout(), columns, resultLayout)
            : new matmul.desc(source.layout(), columns, biasRow, resultLayout);
    var description =
        new matmul.primitive_desc(product, assembly.attributes(relu), assembly.engine());
    Region result = assembly.region(resultLayout);
    assembly.step(
        StepKind.DENSE,
        name("forward"),
        description,
        new Argument(DNNL_ARG_SRC, source),
        new Argument(DNNL_ARG_WEIGHTS, assembly.weights(kernel, columns)),
        new Argument(DNNL_ARG_DST, result),
        new Argument(DNNL_ARG_BIAS, bias == null ? null : assembly.weights(bias, biasRow)));
    output = new Value(node.shape(), result, true);
    return output;
  }

  @Override
  void backward() {
    backThroughRelu();
    var forward =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                prop_kind.forward_training, source.layout(), kernelLayout, resultLayout),
            assembly.attributes(),
            assembly.engine());
    backwardWeights(forward);
    if (input.needsGradient()) {
      backwardData(forward);
    }
  }

  private void backwardWeights(inner_product_forward.primitive_desc forward) {
    var description =
        bias == null
            ? new inner_product_backward_weights.desc(source.layout(), kernelLayout, resultLayout)
            : new inner_product_backward_weights.desc(
                source.layout(), kernelLayout, biasLayout, resultLayout);
    var backward =
        new inner_product_backward_weights.primitive_desc(
            description, assembly.attributes(), assembly.engine(), forward);
    assembly.step(
        StepKind.DENSE,
        name("kernel gradient"),
        backward,
        new Argument(DNNL_ARG_SRC, source),
        new Argument(DNNL_ARG_DIFF_DST, output.gradient()),
        new Argument(DNNL_ARG_DIFF_WEIGHTS, assembly.gradient(kernel, kernelLayout)),
        new Argument(
            DNNL_ARG_DIFF_BIAS, bias == null ? null : assembly.gradient(bias, biasLayout)));
  }

  private void backwardData(inner_product_forward.primitive_desc forward) {
    var description =
        new inner_product_backward_data.desc(source.layout(), kernelLayout, resultLayout);
    var backward =
        new inner_product_backward_data.primitive_desc(
            description, assembly.attributes(), assembly.engine(), forward);
    Region part = assembly.region(source.layout());
    assembly.step(
        StepKind.DENSE,
        name("backward"),
        backward,
        new Argument(DNNL_ARG_DIFF_DST, output.gradient()),
        new Argument(DNNL_ARG_WEIGHTS, assembly.weights(kernel, kernelLayout)),
        new Argument(DNNL_ARG_DIFF_SRC, part));
    VectorImages.contributeVector(assembly, input, part);
  }
}
