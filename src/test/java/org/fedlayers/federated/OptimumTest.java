package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.fedlayers.data.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where methods end on clients of different curvature with a known optimum: several local steps,
 * full gradients, full participation, constant rate, no clip, no momentum.
 */
class OptimumTest {
  private static final TrainingSettings TRAINING = TrainingSettings.steps(10, 0.1);
  private static final Quadratic EQUAL = Quadratic.of(6, 20, 20, 20, 20);
  private static final Quadratic UNEQUAL = Quadratic.of(6, 5, 60, 10, 25);

  static Stream<Arguments> corrected() {
    return Stream.of(EQUAL, UNEQUAL)
        .flatMap(
            problem ->
                Stream.of(
                    Arguments.of(new Scaffold(1), 200, problem),
                    Arguments.of(new FedDyn(0.5), 200, problem),
                    Arguments.of(new FedDc(0.5), 1000, problem),
                    Arguments.of(new FedSpeed(0, 0.5), 200, problem)));
  }

  @ParameterizedTest
  @MethodSource("corrected")
  void correctedMethodsReachTheOptimum(Method method, int rounds, Quadratic problem) {
    float[] weights = Runs.after(rounds, problem, method, TRAINING).weights();
    assertThat(Runs.distance(weights, problem.optimum())).isLessThan(2e-5);
  }

  @Test
  void fedAvgStopsShort() {
    for (Quadratic problem : new Quadratic[] {EQUAL, UNEQUAL}) {
      float[] weights = Runs.after(1000, problem, new FedAvg(), TRAINING).weights();
      assertThat(Runs.distance(weights, problem.optimum())).isBetween(0.1, 10.0);
    }
  }

  /**
   * The optimum of unequal clients is not that of equal ones, so the tests above tell them apart.
   */
  @Test
  void unequalClientsMoveTheOptimum() {
    assertThat(
            new ArrayRealVector(EQUAL.optimum())
                .getDistance(new ArrayRealVector(UNEQUAL.optimum())))
        .isGreaterThan(0.5);
  }

  @Test
  void someOfUnequalClientsReachTheOptimumToo() {
    for (Method method : new Method[] {new Scaffold(1), new FedDyn(0.5), new FedDc(0.5)}) {
      Setting setting =
          new Setting(
              method, TRAINING, Draws.fixed(2), StatisticsPolicy.AVERAGED, 1, new Randomness(2));
      float[] weights = Runs.after(2000, UNEQUAL, setting).weights();
      assertThat(Runs.distance(weights, UNEQUAL.optimum())).as("%s", method).isLessThan(1e-4);
    }
  }

  /** Clients run to their proximal optimum: theta = mean of (H_i + mu)^-1 (H_i b_i + mu theta). */
  @Test
  void fedProxRestsAtItsFixedPoint() {
    double mu = 0.8;
    int dimension = UNEQUAL.weightCount();
    RealMatrix identity = MatrixUtils.createRealIdentityMatrix(dimension);
    RealMatrix pull = MatrixUtils.createRealMatrix(dimension, dimension);
    RealVector push = new ArrayRealVector(dimension);
    for (int client = 0; client < UNEQUAL.clients(); client++) {
      RealMatrix curvature = UNEQUAL.curvatures[client];
      RealMatrix inverse =
          new LUDecomposition(curvature.add(identity.scalarMultiply(mu)))
              .getSolver()
              .getInverse()
              .scalarMultiply(UNEQUAL.samples(client) / 100.0);
      pull = pull.add(inverse.scalarMultiply(mu));
      push = push.add(inverse.operate(curvature.operate(UNEQUAL.centres[client])));
    }
    double[] fixed = new LUDecomposition(identity.subtract(pull)).getSolver().solve(push).toArray();
    TrainingSettings thorough = TrainingSettings.steps(150, 0.2);
    float[] weights = Runs.after(60, UNEQUAL, new FedProx(mu), thorough).weights();
    assertThat(Quadratic.doubles(weights)).containsExactly(fixed, within(1e-5));
    float[] without = Runs.after(60, UNEQUAL, new FedAvg(), thorough).weights();
    assertThat(Runs.distance(without, fixed)).isGreaterThan(0.05);
  }

  /** FedDyn with the coefficient of small print: still on its way, as computed beforehand. */
  @Test
  void fedDynWithATinyCoefficientIsSlow() {
    float[] weights = Runs.after(200, EQUAL, new FedDyn(0.001), TRAINING).weights();
    assertThat(Runs.distance(weights, EQUAL.optimum())).isGreaterThan(0.01);
    assertThat(Arrays.stream(EQUAL.optimum()).map(Math::abs).max().orElse(0)).isGreaterThan(0.5);
  }
}
