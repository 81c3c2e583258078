package org.fedlayers.nn.dual;

import java.util.Arrays;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The product of a dense layer, over all values of a sample. */
final class DualDense extends DualProduct {

  DualDense(Node node, Arena arena) {
    super(node, arena);
  }

  @Override
  INDArray multiply(INDArray kernel, INDArray x, INDArray bias, INDArray sum) {
    INDArray y = sum == null ? repeated(bias, x.size(0)) : sum;
    multiply(kernel, true, rows(x), false, rows(y));
    return y;
  }

  @Override
  void back(
      INDArray kernel,
      INDArray x,
      INDArray slope,
      Slopes slopes,
      boolean ofInput,
      boolean ofKernel) {
    if (ofKernel) {
      slopes.kernel = slopes.kernel == null ? arena.zeros(kernel.shape()) : slopes.kernel;
      multiply(rows(x), false, rows(slope), true, slopes.kernel);
    }
    if (ofInput) {
      slopes.input = slopes.input == null ? arena.zeros(x.shape()) : slopes.input;
      multiply(kernel, false, rows(slope), false, rows(slopes.input));
    }
  }

  /**
   * c += b a by rows. BLAS counts by columns, where a row-major matrix is its own transpose: so c'
   * += a' b', either factor transposed once more if said so.
   */
  private static void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c) {
    Nd4j.gemm(a.transpose(), b.transpose(), c.transpose(), transposeA, transposeB, 1, 1);
  }

  private INDArray repeated(INDArray bias, long images) {
    int units = node.shape().channels();
    if (bias == null) {
      return arena.zeros(images, units, 1, 1);
    }
    double[] values = Arena.values(bias);
    double[] repeated = new double[(int) images * units];
    Arrays.setAll(repeated, i -> values[i % units]);
    return arena.of(repeated, images, units, 1, 1);
  }

  private static INDArray rows(INDArray maps) {
    return maps.reshape('c', maps.size(0), maps.length() / maps.size(0));
  }
}
