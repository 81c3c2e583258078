package org.fedlayers.nn.dual;

import java.util.function.BiConsumer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = W x + b, whatever the product, so Ry = W Rx + V x + Rb with V = RW: the rule of products,
 * forward and back, for convolutions and dense layers.
 */
abstract class DualProduct {
  final Node node;
  final Arena arena;

  DualProduct(Node node, Arena arena) {
    this.node = node;
    this.arena = arena;
  }

  /**
   * W x + b.
   *
   * @param bias null for none
   * @param sum what W x is added to in place of b; null for nothing
   */
  abstract INDArray multiply(INDArray kernel, INDArray x, INDArray bias, INDArray sum);

  /** What flows back to x and to W, added up; null until something has. */
  static final class Slopes {
    INDArray input;
    INDArray kernel;
  }

  /**
   * Adds to slopes what a slope by the output gives.
   *
   * @param ofInput whether to add to the input's
   * @param ofKernel whether to add to the kernel's
   */
  abstract void back(
      INDArray kernel,
      INDArray x,
      INDArray slope,
      Slopes slopes,
      boolean ofInput,
      boolean ofKernel);

  /** Of the node's kernel, as this product takes it, that of the weights. */
  Dual taps(Dual kernel) {
    return kernel;
  }

  /** And back, for its slope. */
  INDArray gathered(INDArray slope) {
    return slope;
  }

  /**
   * @param bias null for none
   * @param gradients takes R of the derivative by the weights
   */
  final DualLayers.Step step(
      Dual input, Dual weights, Dual bias, BiConsumer<Tensor.Role, INDArray> gradients) {
    Dual kernel = taps(weights);
    INDArray value =
        multiply(kernel.value(), input.value(), bias == null ? null : bias.value(), null);
    INDArray tangent = null;
    if (kernel.moves()) {
      tangent =
          multiply(kernel.tangent(), input.value(), bias == null ? null : bias.tangent(), null);
    }
    if (input.moves()) {
      tangent = multiply(kernel.value(), input.tangent(), null, tangent);
    }
    return new DualLayers.Step(
        new Dual(value, tangent),
        (slope, wanted) -> {
          Slopes moved = new Slopes();
          back(kernel.value(), input.value(), slope.tangent(), moved, wanted, true);
          boolean turned = wanted && kernel.moves();
          if (input.moves() || turned) {
            back(
                kernel.moves() ? kernel.tangent() : kernel.value(),
                input.moves() ? input.tangent() : input.value(),
                slope.value(),
                moved,
                turned,
                input.moves());
          }
          gradients.accept(Tensor.Role.KERNEL, gathered(moved.kernel));
          if (bias != null) {
            gradients.accept(Tensor.Role.BIAS, sums(slope.tangent()));
          }
          if (!wanted) {
            return null;
          }
          Slopes still = new Slopes();
          back(kernel.value(), input.value(), slope.value(), still, true, false);
          return new Dual(still.input, moved.input);
        });
  }

  /** Of each channel, over images and pixels. */
  private INDArray sums(INDArray maps) {
    double[] sums = new double[node.shape().channels()];
    int pixels = node.shape().height() * node.shape().width();
    double[] values = Arena.values(maps);
    for (int i = 0; i < values.length; i++) {
      sums[i / pixels % sums.length] += values[i];
    }
    return arena.of(sums, sums.length);
  }
}
