package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.ResizableDoubleArray;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Randomness;

/**
 * The extreme eigenvalues of a symmetric operator A by Lanczos iteration. With q_1, q_2, ... an
 * orthonormal basis of the Krylov space of a random start,
 *
 * <pre>
 * b_k q_(k+1) = A q_k - a_k q_k - b_(k-1) q_(k-1),   a_k = q_k' A q_k
 * </pre>
 *
 * and the eigenvalues of the tridiagonal matrix of all a and b approach those of A, the extreme
 * ones first. Every new vector is orthogonalised twice against all before it, in double, so that no
 * eigenvalue appears twice. The cost is one product and one vector of 8 bytes a weight for each
 * step.
 */
final class Lanczos {

  /**
   * Eigenvalue estimates (Ritz values). Of exact products, an eigenvalue lies within the residual
   * of each, and it is the one of the same rank unless eigenvalues are closer together than that.
   *
   * <p>The residual says how far the iteration has converged, not how exact the products are: it
   * follows from the tridiagonal matrix and can be 1e-16, while products of passes in float are
   * wrong by about 1e-6 of the largest eigenvalue, and so are values.
   *
   * @param values descending, as many as steps were taken; one NaN if a product is not finite
   * @param residuals ||A v - value v|| of each, for exact products
   */
  record Ritz(double[] values, double[] residuals) {
    static Ritz none() {
      return new Ritz(new double[] {Double.NaN}, new double[] {Double.NaN});
    }

    int steps() {
      return values.length;
    }

    int lowest() {
      return values.length - 1;
    }
  }

  private static final double BREAKDOWN = 1e-10;

  private final SymmetricOperator operator;
  private final Randomness randomness;
  private final List<RealVector> basis = new ArrayList<>();
  private final ResizableDoubleArray diagonal = new ResizableDoubleArray();
  private final ResizableDoubleArray offDiagonal = new ResizableDoubleArray();

  /**
   * @param randomness of the start
   */
  Lanczos(SymmetricOperator operator, Randomness randomness) {
    this.operator = operator;
    this.randomness = randomness;
  }

  /**
   * Iterates until the wanted eigenvalues have residuals of at most tolerance times their size.
   *
   * @param top how many of the largest, at least 1
   * @param lowest whether the smallest is wanted too
   * @param most steps to take, converged or not
   */
  Ritz run(int top, boolean lowest, double tolerance, int most) {
    int limit = Math.min(most, operator.size());
    basis.add(fresh());
    while (true) {
      RealVector next = step();
      double remainder = next.getNorm();
      if (!Double.isFinite(remainder)) {
        return Ritz.none();
      }
      Ritz ritz = ritz(remainder);
      if (ritz.steps() >= limit || converged(ritz, top, lowest, tolerance)) {
        return ritz;
      }
      // A start inside an invariant subspace never leaves it: continue from outside.
      boolean closed = remainder <= BREAKDOWN * Math.abs(size(ritz));
      offDiagonal.addElement(closed ? 0 : remainder);
      basis.add(closed ? fresh() : next.mapMultiplyToSelf(1 / remainder));
    }
  }

  /** The product with the last basis vector, made orthogonal to the basis. */
  private RealVector step() {
    RealVector last = basis.get(basis.size() - 1);
    RealVector product = new ArrayRealVector(operator.times(last.toArray()), false);
    diagonal.addElement(last.dotProduct(product));
    return orthogonalised(product);
  }

  private RealVector orthogonalised(RealVector vector) {
    for (int pass = 0; pass < 2; pass++) {
      for (RealVector before : basis) {
        vector.combineToSelf(1, -before.dotProduct(vector), before);
      }
    }
    return vector;
  }

  private Ritz ritz(double remainder) {
    int steps = diagonal.getNumElements();
    if (steps == 1) {
      return new Ritz(diagonal.getElements(), new double[] {remainder});
    }
    var decomposition = new EigenDecomposition(diagonal.getElements(), offDiagonal.getElements());
    double[] residuals = new double[steps];
    for (int i = 0; i < steps; i++) {
      residuals[i] = remainder * Math.abs(decomposition.getV().getEntry(steps - 1, i));
    }
    return new Ritz(decomposition.getRealEigenvalues(), residuals);
  }

  private boolean converged(Ritz ritz, int top, boolean lowest, double tolerance) {
    if (ritz.steps() < top + (lowest ? 1 : 0)) {
      return false;
    }
    double floor = 1e-12 * size(ritz);
    IntStream wanted = IntStream.concat(IntStream.range(0, top), IntStream.of(ritz.lowest()));
    return wanted
        .limit(lowest ? top + 1 : top)
        .noneMatch(
            i -> ritz.residuals()[i] > Math.max(floor, tolerance * Math.abs(ritz.values()[i])));
  }

  private static double size(Ritz ritz) {
    return Math.max(Math.abs(ritz.values()[0]), Math.abs(ritz.values()[ritz.lowest()]));
  }

  /** A random unit vector outside the basis. */
  private RealVector fresh() {
    UniformRandomProvider generator = randomness.of("lanczos", basis.size());
    double[] drawn = generator.doubles(operator.size(), -1, 1).toArray();
    RealVector vector = orthogonalised(new ArrayRealVector(drawn, false));
    return vector.mapMultiplyToSelf(1 / vector.getNorm());
  }
}
