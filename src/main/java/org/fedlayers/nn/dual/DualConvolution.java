package org.fedlayers.nn.dual;

import java.util.Arrays;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution as a product. A dilated kernel is spread out with zeros between its taps: ND4J's
 * oneDNN helper refuses dilation.
 */
final class DualConvolution extends DualProduct {
  /** NCHW images, [out, in, height, width] kernels. */
  private static final int NCHW = 0;

  private static final int OIHW = 1;

  private final Layer.Convolution layer;

  DualConvolution(Node node, Layer.Convolution layer, Arena arena) {
    super(node, arena);
    this.layer = layer;
  }

  @Override
  INDArray multiply(INDArray kernel, INDArray x, INDArray bias, INDArray sum) {
    var shape = node.shape();
    INDArray y = arena.take(x.size(0), shape.channels(), shape.height(), shape.width());
    INDArray[] inputs =
        bias == null ? new INDArray[] {x, kernel} : new INDArray[] {x, kernel, bias};
    Nd4j.exec(operation("conv2d").addInputs(inputs).addOutputs(y).build());
    return sum == null ? y : sum.addi(y);
  }

  /** ND4J finds both slopes, be they asked for or not. */
  @Override
  void back(
      INDArray kernel,
      INDArray x,
      INDArray slope,
      Slopes slopes,
      boolean ofInput,
      boolean ofKernel) {
    INDArray input = arena.like(x);
    INDArray taps = arena.like(kernel);
    Nd4j.exec(operation("conv2d_bp").addInputs(x, kernel, slope).addOutputs(input, taps).build());
    if (ofInput) {
      slopes.input = slopes.input == null ? input : slopes.input.addi(input);
    }
    if (ofKernel) {
      slopes.kernel = slopes.kernel == null ? taps : slopes.kernel.addi(taps);
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
  Dual taps(Dual kernel) {
    return layer.dilation() == 1 ? kernel : kernel.map(this::spread);
  }

  private INDArray spread(INDArray kernel) {
    double[] taps = Arena.values(kernel);
    double[] wide = new double[taps.length / (layer.kernel() * layer.kernel()) * area()];
    for (int i = 0; i < taps.length; i++) {
      wide[place(i)] = taps[i];
    }
    return arena.of(wide, kernel.size(0), kernel.size(1), layer.reach(), layer.reach());
  }

  @Override
  INDArray gathered(INDArray slope) {
    if (layer.dilation() == 1) {
      return slope;
    }
    double[] wide = Arena.values(slope);
    double[] taps = new double[wide.length / area() * layer.kernel() * layer.kernel()];
    Arrays.setAll(taps, i -> wide[place(i)]);
    return arena.of(taps, slope.size(0), slope.size(1), layer.kernel(), layer.kernel());
  }

  private int area() {
    return layer.reach() * layer.reach();
  }

  /** Of a tap in the spread kernel. */
  private int place(int tap) {
    int side = layer.kernel();
    int row = tap / side % side * layer.dilation();
    return (tap / (side * side) * layer.reach() + row) * layer.reach()
        + tap % side * layer.dilation();
  }
}
