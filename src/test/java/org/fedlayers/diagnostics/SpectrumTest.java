package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.fedlayers.data.Randomness;
import org.junit.jupiter.api.Test;

/** Lanczos and Hutchinson on matrices known whole. */
class SpectrumTest {

  private static SymmetricOperator operator(RealMatrix matrix) {
    return new SymmetricOperator(matrix.getRowDimension(), matrix::operate);
  }

  private static Lanczos lanczos(RealMatrix matrix) {
    return new Lanczos(operator(matrix), new Randomness(1));
  }

  private static double[] eigenvalues(RealMatrix matrix) {
    double[] values = new EigenDecomposition(matrix).getRealEigenvalues();
    Arrays.sort(values);
    return values;
  }

  private static RealMatrix random(int size, long seed) {
    var random = new Random(seed);
    RealMatrix m = MatrixUtils.createRealMatrix(size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double value = random.nextGaussian();
        m.setEntry(i, j, value);
        m.setEntry(j, i, value);
      }
    }
    return m;
  }

  @Test
  void lanczosFindsBothEndsOfTheSpectrum() {
    RealMatrix matrix = random(60, 5);
    double[] expected = eigenvalues(matrix);
    Lanczos.Ritz ritz = lanczos(matrix).run(4, true, 1e-9, 60);
    for (int i = 0; i < 4; i++) {
      assertThat(ritz.values()[i]).isCloseTo(expected[59 - i], within(1e-8));
    }
    assertThat(ritz.values()[ritz.lowest()]).isCloseTo(expected[0], within(1e-8));
  }

  @Test
  void lanczosStopsWithinItsToleranceAndSaysHowFarOff() {
    RealMatrix matrix = random(300, 6);
    double[] expected = eigenvalues(matrix);
    for (double tolerance : new double[] {0.05, 0.005}) {
      Lanczos.Ritz ritz = lanczos(matrix).run(2, false, tolerance, 300);
      assertThat(ritz.steps()).isBetween(5, 100);
      for (int i = 0; i < 2; i++) {
        double value = ritz.values()[i];
        double residual = ritz.residuals()[i];
        double nearest = Arrays.stream(expected).map(e -> Math.abs(e - value)).min().orElseThrow();
        assertThat(residual).isPositive().isLessThan(tolerance * value);
        assertThat(nearest).isLessThan(residual);
        assertThat(value).isLessThan(expected[299 - i]);
        if (tolerance == 0.005) {
          assertThat(value).isCloseTo(expected[299 - i], within(residual));
        }
      }
    }
    Lanczos.Ritz cut = lanczos(matrix).run(2, false, 1e-9, 7);
    assertThat(cut.steps()).isEqualTo(7);
    assertThat(cut.residuals()[0]).isGreaterThan(1e-3);
  }

  @Test
  void lanczosSeesEigenvaluesThatOneStartDoesNot() {
    double[] diagonal = {5, 5, 5, 2, -1, 0, 0, 0};
    RealMatrix matrix = MatrixUtils.createRealDiagonalMatrix(diagonal);
    Lanczos.Ritz ritz = lanczos(matrix).run(8, true, 1e-9, 50);
    assertThat(ritz.values()).containsExactly(new double[] {5, 5, 5, 2, 0, 0, 0, -1}, within(1e-9));
  }

  @Test
  void theTraceIsUnbiasedAndItsStandardErrorRight() {
    RealMatrix matrix = random(6, 7);
    double variance = 0;
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        variance += i == j ? 0 : 2 * Math.pow(matrix.getEntry(i, j), 2);
      }
    }
    SymmetricOperator.Trace trace = operator(matrix).trace(20_000, new Randomness(2));
    double error = Math.sqrt(variance / 20_000);
    assertThat(trace.standardError()).isCloseTo(error, within(0.05 * error));
    assertThat(trace.value()).isCloseTo(matrix.getTrace(), within(4 * error));
  }

  @Test
  void theTraceOfADiagonalIsExact() {
    RealMatrix matrix = MatrixUtils.createRealDiagonalMatrix(new double[] {3, -1, 4});
    SymmetricOperator.Trace trace = operator(matrix).trace(2, new Randomness(2));
    assertThat(trace).isEqualTo(new SymmetricOperator.Trace(6, 0));
    assertThatThrownBy(() -> operator(matrix).trace(1, new Randomness(2)))
        .hasMessageContaining("2 probes");
  }
}
