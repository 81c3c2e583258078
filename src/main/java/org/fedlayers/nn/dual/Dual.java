package org.fedlayers.nn.dual;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An array and its derivative R along the direction that the weights move in: a dual number, value
 * + e tangent with e e = 0 (Pearlmutter, 1994: "Fast exact multiplication by the Hessian").
 *
 * @param value C-ordered
 * @param tangent of the same shape, or null where it is zero
 */
record Dual(INDArray value, INDArray tangent) {

  boolean moves() {
    return tangent != null;
  }

  /** A linear map of both. */
  Dual map(UnaryOperator<INDArray> linear) {
    return new Dual(linear.apply(value), moves() ? linear.apply(tangent) : null);
  }

  Dual plus(Dual other, Arena arena) {
    INDArray sum = value.add(other.value, arena.like(value));
    if (!moves() || !other.moves()) {
      return new Dual(sum, moves() ? tangent : other.tangent);
    }
    return new Dual(sum, tangent.add(other.tangent, arena.like(tangent)));
  }
}
