package org.fedlayers.diagnostics;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** y = W x + b over all values of a sample, so Ry = W Rx + V x + Rb with V = RW. */
final class DualDense implements DualLayer {
  private final Dual kernel;
  private final Dual bias;
  private final Arena arena;
  private long[] shape;
  private Dual input;

  DualDense(List<Dual> weights, Arena arena) {
    this.kernel = weights.get(0);
    this.bias = weights.size() > 1 ? weights.get(1) : null;
    this.arena = arena;
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    shape = inputs.get(0).value().shape();
    input = rows(inputs.get(0));
    INDArray value = filled(bias == null ? null : bias.value());
    multiply(kernel.value(), true, input.value(), false, value);
    if (!input.moves() && !kernel.moves()) {
      return Dual.constant(value.reshape(maps()));
    }
    INDArray tangent = filled(bias == null ? null : bias.tangent());
    if (kernel.moves()) {
      multiply(kernel.tangent(), true, input.value(), false, tangent);
    }
    if (input.moves()) {
      multiply(kernel.value(), true, input.tangent(), false, tangent);
    }
    return new Dual(value, tangent).reshape(maps());
  }

  private long[] maps() {
    return new long[] {shape[0], kernel.value().size(0), 1, 1};
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    Dual out = rows(slope);
    INDArray ofKernel = arena.zeros(kernel.value().shape());
    multiply(input.value(), false, out.tangent(), true, ofKernel);
    if (input.moves()) {
      multiply(input.tangent(), false, out.value(), true, ofKernel);
    }
    Dual towardsInput = null;
    if (wanted) {
      INDArray value = arena.zeros(input.value().shape());
      INDArray tangent = arena.zeros(input.value().shape());
      multiply(kernel.value(), false, out.value(), false, value);
      multiply(kernel.value(), false, out.tangent(), false, tangent);
      if (kernel.moves()) {
        multiply(kernel.tangent(), false, out.value(), false, tangent);
      }
      towardsInput = new Dual(value, tangent).reshape(shape);
    }
    return new Slopes(
        towardsInput, bias == null ? List.of(ofKernel) : List.of(ofKernel, sums(out.tangent())));
  }

  /**
   * c += b a by rows. BLAS counts by columns, where a row-major matrix is its own transpose: so c'
   * += a' b', either factor transposed once more if said so.
   */
  private static void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c) {
    Nd4j.gemm(a.transpose(), b.transpose(), c.transpose(), transposeA, transposeB, 1, 1);
  }

  private INDArray filled(INDArray row) {
    INDArray result = arena.zeros(shape[0], kernel.value().size(0));
    if (row != null) {
      ArrayValues from = ArrayValues.of(row);
      ArrayValues to = ArrayValues.of(result);
      int units = (int) row.length();
      for (int i = 0; i < result.length(); i++) {
        to.set(i, from.get(i % units));
      }
    }
    return result;
  }

  private INDArray sums(INDArray rows) {
    double[] sums = new double[(int) rows.size(1)];
    ArrayValues values = ArrayValues.of(rows);
    for (int i = 0; i < rows.length(); i++) {
      sums[i % sums.length] += values.get(i);
    }
    return arena.copy(sums);
  }

  private static Dual rows(Dual maps) {
    long images = maps.value().size(0);
    return maps.reshape(images, maps.value().length() / images);
  }
}
