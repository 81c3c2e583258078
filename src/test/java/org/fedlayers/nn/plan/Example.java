package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/** Random arguments of one call, and what models and the oracle make of them. */
record Example(Network network, float[] weights, float[] statistics, Batch batch) {

  /** What a call gave. */
  record Result(double value, double penalty, float[] gradient, float[] statistics) {
    private static final double CLOSE = 1e-4;

    void assertClose(NaiveNetwork.Result expected, Network network) {
      assertThat(value).isCloseTo(expected.value(), within(CLOSE));
      assertThat(penalty).isCloseTo(expected.penalty(), within(CLOSE));
      assertClose(network.weights(), gradient, expected.gradient());
      assertClose(network.statistics(), statistics, expected.statistics());
    }

    /** Close beside the tensor's largest entry, or a twentieth of the vector's if all are tiny. */
    private static void assertClose(List<Tensor> tensors, float[] actual, double[] expected) {
      double floor = largest(expected, 0, expected.length) / 20;
      for (Tensor tensor : tensors) {
        double largest = Math.max(floor, largest(expected, tensor.offset(), tensor.end()));
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          assertThat((double) actual[i])
              .as("%s[%d]", tensor.name(), i - tensor.offset())
              .isCloseTo(expected[i], within(CLOSE * largest));
        }
      }
    }

    private static double largest(double[] values, int from, int to) {
      return Arrays.stream(values, from, to).map(Math::abs).max().orElse(0);
    }
  }

  /**
   * Shifts are 4 or -4 by turns, scales about 1: no ReLU behind a normaliser sees values so near 0
   * that float rounding could flip it, and still half of them are off.
   */
  static Example of(Network network, int size, long seed) {
    var random = new Random(seed);
    float[] weights = new float[network.weightCount()];
    for (Tensor tensor : network.weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        double noise = random.nextDouble() - 0.5;
        weights[i] =
            (float)
                switch (tensor.role()) {
                  case KERNEL, BIAS -> 3 * noise / Math.sqrt(tensor.fanIn());
                  case SCALE -> 1 + noise;
                  case SHIFT -> (i % 2 == 0 ? 4 : -4) + noise;
                  default -> noise;
                };
      }
    }
    float[] statistics = network.freshStatistics();
    for (int i = 0; i < statistics.length; i++) {
      statistics[i] += 0.5f * random.nextFloat();
    }
    Batch batch = new Batch(size + 2, network.input().size());
    for (int i = 0; i < batch.pixels().length; i++) {
      batch.pixels()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < batch.labels().length; i++) {
      batch.labels()[i] = random.nextInt(network.classes());
    }
    batch.resize(size);
    return new Example(network, weights, statistics, batch);
  }

  Result on(Model model, Pass pass) {
    float[] gradient = new float[weights.length];
    Arrays.fill(gradient, Float.NaN);
    float[] moved = statistics.clone();
    double value =
        model.gradient(weights.clone(), moved, batch, pass, CrossEntropy.INSTANCE, gradient);
    return new Result(value, model.penalty(), gradient, moved);
  }

  float[] logits(Model model) {
    float[] logits = new float[batch.size() * network.classes()];
    model.logits(weights.clone(), statistics.clone(), batch, logits);
    return logits;
  }

  NaiveNetwork.Result expected(Pass pass) {
    return new NaiveNetwork(network)
        .gradient(
            doubles(weights),
            doubles(statistics),
            doubles(batch.pixels()),
            batch.labels(),
            batch.size(),
            pass,
            CrossEntropy.INSTANCE);
  }

  double[] expectedLogits() {
    return new NaiveNetwork(network)
        .logits(doubles(weights), doubles(statistics), doubles(batch.pixels()), batch.size());
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
