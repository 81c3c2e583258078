package org.fedlayers.federated;

import java.util.List;
import java.util.Map;
import org.fedlayers.nn.Tensor;

/**
 * Requires that what somebody made in a round are numbers. A method's vectors may overflow, and
 * statistics squares, while weights and loss look well.
 *
 * @param owner for messages: {@code client 3}
 * @param round from 1
 */
record Finite(String owner, int round) {

  /**
   * @throws DivergedException as do all others, if it is NaN or infinite
   */
  Finite number(String name, double value) {
    return require(name, Double.isFinite(value));
  }

  Finite vector(String name, float[] vector) {
    return require(name, Vectors.isFinite(vector));
  }

  Finite vectors(Map<String, float[]> vectors) {
    vectors.forEach(this::vector);
    return this;
  }

  /** Of normalisers, whose variances must not be negative either. */
  Finite statistics(List<Tensor> tensors, float[] statistics) {
    vector("statistics", statistics);
    for (Tensor tensor : tensors) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        require("variances", tensor.role() != Tensor.Role.VARIANCE || statistics[i] >= 0);
      }
    }
    return this;
  }

  private Finite require(String name, boolean holds) {
    if (!holds) {
      throw new DivergedException("the " + name + " of " + owner, round);
    }
    return this;
  }
}
