package org.fedlayers.federated;

import java.util.List;
import java.util.Map;
import org.fedlayers.nn.Tensor;

/**
 * Throws a {@link DivergedException} unless the results of a client or the server are finite: a
 * method's vectors or the statistics may overflow while weights and loss are still finite.
 *
 * @param owner for messages: {@code client 3}
 * @param round from 1
 */
record Finite(String owner, int round) {

  Finite number(String name, double value) {
    return require(name, Double.isFinite(value));
  }

  Finite vectors(Map<String, float[]> vectors) {
    vectors.forEach((name, vector) -> require(name, Vectors.isFinite(vector)));
    return this;
  }

  /** Of normalisers, whose variances must not be negative either. */
  Finite statistics(List<Tensor> tensors, float[] statistics) {
    for (Tensor tensor : tensors) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        boolean negative = tensor.role() == Tensor.Role.VARIANCE && statistics[i] < 0;
        require("statistics", Float.isFinite(statistics[i]) && !negative);
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
