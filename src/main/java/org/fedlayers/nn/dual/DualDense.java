package org.fedlayers.nn.dual;

import java.util.Arrays;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The product of a dense layer, over all values of a sample. */
final class DualDense extends DualProduct {
  DualDense(Node node, ArrayPool pool) {
    super(node, pool);
  }

  @Override
  INDArray multiply(INDArray kernel, INDArray x, PassArray bias, INDArray sum) {
    INDArray y = sum == null ? repeated(bias, (int) x.size(0)) : sum;
    multiply(kernel, true, rows(x), false, rows(y));
    return y;
  }

  @Override
  void back(
      INDArray kernel, INDArray x, INDArray dy, Gradients sums, boolean ofInput, boolean ofKernel) {
    if (ofKernel) {
      sums.kernel = sums.kernel == null ? pool.zeros(kernel.shape()) : sums.kernel;
      multiply(rows(x), false, rows(dy), true, sums.kernel);
    }
    if (ofInput) {
      sums.input = sums.input == null ? pool.zeros(x.shape()) : sums.input;
      multiply(kernel, false, rows(dy), false, rows(sums.input));
    }
  }

  /**
   * c += b a of row-major matrices. BLAS takes column-major ones, where a row-major matrix is its
   * own transpose: so c' += a' b', either factor transposed once more if said so.
   */
  private static void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c) {
    Nd4j.gemm(a.transpose(), b.transpose(), c.transpose(), transposeA, transposeB, 1, 1);
  }

  private INDArray repeated(PassArray bias, int images) {
    int units = node.shape().channels();
    if (bias == null) {
      return pool.zeros(images, units, 1, 1);
    }
    double[] values = bias.numbers();
    double[] repeated = new double[images * units];
    Arrays.setAll(repeated, i -> values[i % units]);
    return PassArray.write(repeated, 0, pool.array(images, units, 1, 1));
  }

  private static INDArray rows(INDArray maps) {
    return maps.reshape('c', maps.size(0), maps.length() / maps.size(0));
  }
}
