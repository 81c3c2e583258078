package org.fedlayers.nn.dual;

import java.util.Arrays;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution as a product. A dilated kernel becomes a larger one with zeros between its taps:
 * ND4J's oneDNN helper refuses dilation.
 */
final class DualConvolution extends DualProduct {
  /** NCHW images, [out, in, height, width] kernels. */
  private static final int NCHW = 0;

  private static final int OIHW = 1;

  private final Layer.Convolution layer;

  DualConvolution(Node node, Layer.Convolution layer, ArrayPool pool) {
    super(node, pool);
    this.layer = layer;
  }

  @Override
  INDArray multiply(INDArray kernel, INDArray x, PassArray bias, INDArray sum) {
    var shape = node.shape();
    INDArray y = pool.array(x.size(0), shape.channels(), shape.height(), shape.width());
    INDArray[] inputs =
        bias == null ? new INDArray[] {x, kernel} : new INDArray[] {x, kernel, bias.array()};
    Nd4j.exec(operation("conv2d").addInputs(inputs).addOutputs(y).build());
    return sum == null ? y : sum.addi(y);
  }

  /** ND4J computes both gradients, be they asked for or not. */
  @Override
  void back(
      INDArray kernel, INDArray x, INDArray dy, Gradients sums, boolean ofInput, boolean ofKernel) {
    INDArray byInput = pool.array(x.shape());
    INDArray byKernel = pool.array(kernel.shape());
    var both = operation("conv2d_bp").addInputs(x, kernel, dy).addOutputs(byInput, byKernel);
    Nd4j.exec(both.build());
    if (ofInput) {
      sums.input = sums.input == null ? byInput : sums.input.addi(byInput);
    }
    if (ofKernel) {
      sums.kernel = sums.kernel == null ? byKernel : sums.kernel.addi(byKernel);
    }
  }

  private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
    int side = layer.reach();
    int stride = layer.stride();
    int padding = layer.padding();
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(side, side, stride, stride, padding, padding, 1, 1, 0, NCHW, OIHW);
  }

  @Override
  Dual kernel(Dual weights) {
    return layer.dilation() == 1 ? weights : weights.map(this::dilated);
  }

  private PassArray dilated(PassArray kernel) {
    double[] taps = kernel.numbers();
    double[] wide = new double[taps.length / (layer.kernel() * layer.kernel()) * area()];
    for (int i = 0; i < taps.length; i++) {
      wide[dilated(i)] = taps[i];
    }
    return pool.values(wide, kernel.shape()[0], kernel.shape()[1], layer.reach(), layer.reach());
  }

  @Override
  PassArray weightGradient(INDArray kernelGradient) {
    PassArray gradient = pool.values(kernelGradient);
    if (layer.dilation() == 1) {
      return gradient;
    }
    double[] wide = gradient.numbers();
    double[] taps = new double[wide.length / area() * layer.kernel() * layer.kernel()];
    Arrays.setAll(taps, i -> wide[dilated(i)]);
    return pool.values(
        taps, kernelGradient.size(0), kernelGradient.size(1), layer.kernel(), layer.kernel());
  }

  private int area() {
    return layer.reach() * layer.reach();
  }

  /** The index of a tap in the dilated kernel. */
  private int dilated(int tap) {
    int side = layer.kernel();
    int row = tap / side % side * layer.dilation();
    return (tap / (side * side) * layer.reach() + row) * layer.reach()
        + tap % side * layer.dilation();
  }
}
