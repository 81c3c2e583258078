package org.fedlayers.nn.dual;

import java.util.function.BiConsumer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = W x + b, whatever the product, so Ry = W Rx + V x + Rb with V = RW: the product rule, forward
 * and back, for convolutions and dense layers.
 */
abstract class DualProduct {
  final Node node;
  final ArrayPool pool;

  DualProduct(Node node, ArrayPool pool) {
    this.node = node;
    this.pool = pool;
  }

  /**
   * W x + b.
   *
   * @param bias null for none
   * @param sum what W x is added to in place of b; null for nothing
   */
  abstract INDArray multiply(INDArray kernel, INDArray x, PassArray bias, INDArray sum);

  /** The gradients by x and by W, added up; null until something has been added. */
  static final class Gradients {
    INDArray input;
    INDArray kernel;
  }

  /**
   * Adds what an output gradient dy contributes.
   *
   * @param ofInput whether to add to the gradient by x
   * @param ofKernel whether to add to the gradient by W
   */
  abstract void back(
      INDArray kernel, INDArray x, INDArray dy, Gradients sums, boolean ofInput, boolean ofKernel);

  /** The weights as this product takes them. */
  Dual kernel(Dual weights) {
    return weights;
  }

  /** The gradient by the weights, given that by the kernel as this product takes it. */
  PassArray weightGradient(INDArray kernelGradient) {
    return pool.values(kernelGradient);
  }

  /**
   * @param bias null for none
   * @param gradients takes R of the derivative by the weights
   */
  final DualLayers.Step step(
      Dual input, Dual weights, Dual bias, BiConsumer<Tensor.Role, PassArray> gradients) {
    Dual kernel = kernel(weights);
    INDArray w = kernel.value().array();
    INDArray x = input.value().array();
    INDArray value = multiply(w, x, bias == null ? null : bias.value(), null);
    INDArray tangent = null;
    if (kernel.moves()) {
      tangent = multiply(kernel.tangent().array(), x, bias == null ? null : bias.tangent(), null);
    }
    if (input.moves()) {
      tangent = multiply(w, input.tangent().array(), null, tangent);
    }
    return new DualLayers.Step(
        new Dual(pool.values(value), tangent == null ? null : pool.values(tangent)),
        (outputGradient, wanted) -> {
          INDArray d = outputGradient.value().array();
          INDArray dMoved = outputGradient.tangent().array();
          Gradients moved = new Gradients();
          back(w, x, dMoved, moved, wanted, true);
          boolean byKernel = wanted && kernel.moves();
          if (input.moves() || byKernel) {
            INDArray v = kernel.moves() ? kernel.tangent().array() : w;
            INDArray xMoved = input.moves() ? input.tangent().array() : x;
            back(v, xMoved, d, moved, byKernel, input.moves());
          }
          gradients.accept(Tensor.Role.KERNEL, weightGradient(moved.kernel));
          if (bias != null) {
            gradients.accept(Tensor.Role.BIAS, sums(outputGradient.tangent()));
          }
          if (!wanted) {
            return null;
          }
          Gradients still = new Gradients();
          back(w, x, d, still, true, false);
          return new Dual(pool.values(still.input), pool.values(moved.input));
        });
  }

  /** Of each channel, over images and pixels. */
  private PassArray sums(PassArray maps) {
    double[] sums = new double[node.shape().channels()];
    int pixels = node.shape().pixels();
    double[] numbers = maps.numbers();
    for (int row = 0; row < numbers.length / pixels; row++) {
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        sums[row % sums.length] += numbers[i];
      }
    }
    return pool.values(sums, sums.length);
  }
}
