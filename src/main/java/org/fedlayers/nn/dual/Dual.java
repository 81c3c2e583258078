package org.fedlayers.nn.dual;

import java.util.function.UnaryOperator;

/**
 * An array and its derivative R along the direction that the weights move in: a dual number, value
 * + e tangent with e e = 0 (Pearlmutter, 1994: "Fast exact multiplication by the Hessian").
 *
 * @param tangent of the shape of the value, or null where it is zero
 */
record Dual(PassArray value, PassArray tangent) {
  boolean moves() {
    return tangent != null;
  }

  /** A linear map of both. */
  Dual map(UnaryOperator<PassArray> linear) {
    return new Dual(linear.apply(value), moves() ? linear.apply(tangent) : null);
  }

  Dual plus(Dual other, ArrayPool pool) {
    PassArray sum = sum(value, other.value, pool);
    if (!moves() || !other.moves()) {
      return new Dual(sum, moves() ? tangent : other.tangent);
    }
    return new Dual(sum, sum(tangent, other.tangent, pool));
  }

  private static PassArray sum(PassArray left, PassArray right, ArrayPool pool) {
    double[] a = left.numbers();
    double[] b = right.numbers();
    double[] sum = pool.numbers(a.length);
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return pool.values(sum, left.shape());
  }
}
