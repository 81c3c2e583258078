package org.fedlayers.federated;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * Clients with f_i(w) = 1/2 (w - b_i)' H_i (w - b_i), whose weighted sum has its least value at a
 * known point. A client may have several mini-batches: with batch k its b_i is shifted, and the
 * shifts of an epoch add up to zero. A statistic of mean and variance watches the gradients, and
 * moves as a normaliser's would.
 */
final class Quadratic implements Problem {
  /** One mean and one variance. */
  static final List<Tensor> STATISTICS =
      List.of(
          new Tensor(1, "s.mean", Tensor.Role.MEAN, new int[] {1}, 0, 1, 0),
          new Tensor(1, "s.variance", Tensor.Role.VARIANCE, new int[] {1}, 1, 1, 0));

  final RealMatrix[] curvatures;
  final RealVector[] centres;
  final int[] samples;
  final int batches;
  final List<Tensor> weights;
  final AtomicInteger gradients = new AtomicInteger();
  volatile IntUnaryOperator beforeStep = client -> client;

  private Quadratic(
      RealMatrix[] curvatures,
      RealVector[] centres,
      int[] samples,
      int batches,
      List<Tensor> weights) {
    this.curvatures = curvatures;
    this.centres = centres;
    this.samples = samples;
    this.batches = batches;
    this.weights = weights;
  }

  /** Curvatures with eigenvalues in about [0.5, 2], different for each client. */
  static Quadratic of(int dimension, int... samples) {
    Random random = new Random(7);
    RealMatrix[] curvatures = new RealMatrix[samples.length];
    RealVector[] centres = new RealVector[samples.length];
    for (int client = 0; client < samples.length; client++) {
      RealMatrix factor = new Array2DRowRealMatrix(dimension, dimension);
      double[] centre = new double[dimension];
      for (int i = 0; i < dimension; i++) {
        centre[i] = 3 * random.nextGaussian();
        for (int j = 0; j < dimension; j++) {
          factor.setEntry(i, j, random.nextGaussian() / Math.sqrt(dimension) / 2);
        }
        factor.addToEntry(i, i, 0.4 + 0.8 * random.nextDouble());
      }
      curvatures[client] = factor.multiply(factor.transpose());
      for (int i = 0; i < dimension; i++) {
        curvatures[client].addToEntry(i, i, 0.3);
      }
      centres[client] = new ArrayRealVector(centre);
    }
    Tensor kernel =
        new Tensor(0, "w", Tensor.Role.KERNEL, new int[] {dimension}, 0, dimension, dimension);
    return new Quadratic(curvatures, centres, samples, 1, List.of(kernel));
  }

  Quadratic withBatches(int count) {
    return new Quadratic(curvatures, centres, samples, count, weights);
  }

  /** The first half of the weights a kernel, the rest a normaliser's scale. */
  Quadratic withScale() {
    int half = weightCount() / 2;
    int rest = weightCount() - half;
    return with(
        new Tensor(0, "w", Tensor.Role.KERNEL, new int[] {half}, 0, half, half),
        new Tensor(1, "s", Tensor.Role.SCALE, new int[] {rest}, half, rest, 0));
  }

  Quadratic with(Tensor... tensors) {
    return new Quadratic(curvatures, centres, samples, batches, List.of(tensors));
  }

  /** Where sum_i p_i f_i is least. */
  double[] optimum() {
    int dimension = weightCount();
    RealMatrix sum = new Array2DRowRealMatrix(dimension, dimension);
    RealVector right = new ArrayRealVector(dimension);
    for (int client = 0; client < clients(); client++) {
      RealMatrix weighted = curvatures[client].scalarMultiply(samples[client]);
      sum = sum.add(weighted);
      right = right.add(weighted.operate(centres[client]));
    }
    return new LUDecomposition(sum).getSolver().solve(right).toArray();
  }

  /** The gradient of f_i, by definition, on the client's batch of that step. */
  double[] gradient(int client, long step, double[] at) {
    RealVector distance =
        new ArrayRealVector(at).subtract(centres[client]).mapSubtract(shift(step));
    return curvatures[client].operate(distance).toArray();
  }

  private double shift(long step) {
    return step % batches - (batches - 1) / 2.0;
  }

  @Override
  public int clients() {
    return samples.length;
  }

  @Override
  public int samples(int client) {
    return samples[client];
  }

  @Override
  public int batchesPerEpoch(int client) {
    return batches;
  }

  @Override
  public int weightCount() {
    return centres[0].getDimension();
  }

  @Override
  public List<Tensor> weights() {
    return weights;
  }

  @Override
  public List<Tensor> statistics() {
    return STATISTICS;
  }

  @Override
  public int scorePieces() {
    return clients();
  }

  @Override
  public Worker newWorker() {
    return new QuadraticWorker();
  }

  private final class QuadraticWorker implements Worker {

    @Override
    public Objective batch(int client, long step, float[] statistics, Pass pass) {
      beforeStep.applyAsInt(client);
      return new Objective() {
        @Override
        public int samples() {
          return samples[client] / batches;
        }

        @Override
        public double gradient(
            float[] weights, LogitLoss unused, boolean keepStatistics, float[] gradient) {
          gradients.incrementAndGet();
          double[] at = doubles(weights);
          double[] derivative = Quadratic.this.gradient(client, step, at);
          for (int i = 0; i < derivative.length; i++) {
            gradient[i] = (float) derivative[i];
          }
          if (!keepStatistics) {
            move(gradient[0]);
          }
          RealVector distance =
              new ArrayRealVector(at).subtract(centres[client]).mapSubtract(shift(step));
          return distance.dotProduct(new ArrayRealVector(derivative)) / 2;
        }

        private void move(float first) {
          if (pass.statistics() == Pass.Statistics.COLLECTING) {
            statistics[0] = first;
            statistics[1] = first * first;
          }
          if (pass.statistics() == Pass.Statistics.MOVING) {
            statistics[0] = 0.9f * statistics[0] + 0.1f * first;
            statistics[1] = 0.9f * statistics[1] + 0.1f * first * first;
          }
        }
      };
    }

    @Override
    public Score score(int piece, float[] weights, float[] statistics) {
      RealVector distance = new ArrayRealVector(doubles(weights)).subtract(centres[piece]);
      double loss = distance.dotProduct(curvatures[piece].operate(distance)) / 2;
      return new Score(0, loss * samples[piece], samples[piece]);
    }

    @Override
    public void close() {}
  }

  static double[] doubles(float[] vector) {
    double[] result = new double[vector.length];
    Arrays.setAll(result, i -> vector[i]);
    return result;
  }
}
