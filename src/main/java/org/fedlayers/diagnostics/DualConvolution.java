package org.fedlayers.diagnostics;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = W * x + b, so Ry = W * Rx + V * x + Rb with V = RW. A dilated kernel is spread out with zeros
 * between its taps: ND4J's oneDNN helper refuses dilation.
 */
final class DualConvolution implements DualLayer {
  /** NCHW images, [out, in, height, width] kernels. */
  private static final int NCHW = 0;

  private static final int OIHW = 1;

  private final Layer.Convolution layer;
  private final Shape shape;
  private final Arena arena;
  private final Dual kernel;
  private final Dual bias;
  private Dual input;

  DualConvolution(Layer.Convolution layer, Shape shape, List<Dual> weights, Arena arena) {
    this.arena = arena;
    this.layer = layer;
    this.shape = shape;
    Dual taps = weights.get(0);
    this.kernel = new Dual(spread(taps.value()), taps.moves() ? spread(taps.tangent()) : null);
    this.bias = layer.bias() ? weights.get(1) : null;
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    input = inputs.get(0);
    INDArray value = convolve(input.value(), kernel.value(), bias == null ? null : bias.value());
    INDArray tangent = null;
    if (kernel.moves()) {
      INDArray moved = bias == null ? null : bias.tangent();
      tangent = convolve(input.value(), kernel.tangent(), moved);
    }
    if (input.moves()) {
      INDArray passed = convolve(input.tangent(), kernel.value(), null);
      tangent = tangent == null ? passed : tangent.addi(passed);
    }
    return new Dual(value, tangent);
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    Back moving = new Back(input.value(), kernel.value(), slope.tangent());
    INDArray tangent = moving.image;
    INDArray ofKernel = moving.kernel;
    if (input.moves() || (wanted && kernel.moves())) {
      Back still =
          new Back(
              input.moves() ? input.tangent() : input.value(),
              kernel.moves() ? kernel.tangent() : kernel.value(),
              slope.value());
      if (kernel.moves()) {
        tangent.addi(still.image);
      }
      if (input.moves()) {
        ofKernel.addi(still.kernel);
      }
    }
    Dual towardsInput =
        wanted
            ? new Dual(new Back(input.value(), kernel.value(), slope.value()).image, tangent)
            : null;
    INDArray taps = gathered(ofKernel);
    return new Slopes(
        towardsInput, bias == null ? List.of(taps) : List.of(taps, sums(slope.tangent())));
  }

  private INDArray convolve(INDArray image, INDArray weights, INDArray shift) {
    INDArray out = arena.take(image.size(0), shape.channels(), shape.height(), shape.width());
    INDArray[] inputs =
        shift == null ? new INDArray[] {image, weights} : new INDArray[] {image, weights, shift};
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(inputs)
            .addOutputs(out)
            .addIntegerArguments(arguments())
            .build());
    return out;
  }

  /** What flows back to the image and to the kernel. */
  private final class Back {
    final INDArray image;
    final INDArray kernel;

    Back(INDArray from, INDArray weights, INDArray slope) {
      image = arena.like(from);
      kernel = arena.like(weights);
      Nd4j.exec(
          DynamicCustomOp.builder("conv2d_bp")
              .addInputs(from, weights, slope)
              .addOutputs(image, kernel)
              .addIntegerArguments(arguments())
              .build());
    }
  }

  /** Over images and pixels. */
  private INDArray sums(INDArray maps) {
    double[] sums = new double[shape.channels()];
    ArrayValues values = ArrayValues.of(maps);
    int pixels = shape.height() * shape.width();
    for (int i = 0; i < maps.length(); i++) {
      sums[i / pixels % sums.length] += values.get(i);
    }
    return arena.copy(sums);
  }

  private int[] arguments() {
    int side = reach();
    int stride = layer.stride();
    int padding = layer.padding();
    return new int[] {side, side, stride, stride, padding, padding, 1, 1, 0, NCHW, OIHW};
  }

  private int reach() {
    return (layer.kernel() - 1) * layer.dilation() + 1;
  }

  private INDArray spread(INDArray taps) {
    if (layer.dilation() == 1) {
      return taps;
    }
    INDArray wide = arena.zeros(taps.size(0), taps.size(1), reach(), reach());
    move(ArrayValues.of(taps), ArrayValues.of(wide), (int) (taps.size(0) * taps.size(1)), true);
    return wide;
  }

  private INDArray gathered(INDArray wide) {
    if (layer.dilation() == 1) {
      return wide;
    }
    INDArray taps = arena.take(wide.size(0), wide.size(1), layer.kernel(), layer.kernel());
    move(ArrayValues.of(taps), ArrayValues.of(wide), (int) (wide.size(0) * wide.size(1)), false);
    return taps;
  }

  /** Copies taps to or from their places in the spread kernel. */
  private void move(ArrayValues taps, ArrayValues wide, int planes, boolean spread) {
    int side = layer.kernel();
    for (int i = 0; i < planes * side * side; i++) {
      int row = i / side % side * layer.dilation();
      int place = (i / (side * side) * reach() + row) * reach() + i % side * layer.dilation();
      if (spread) {
        wide.set(place, taps.get(i));
      } else {
        taps.set(i, wide.get(place));
      }
    }
  }
}
