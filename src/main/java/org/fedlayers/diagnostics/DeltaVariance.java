package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Batch;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * How noise on the input spreads in what flows back: the variance of delta_l = dL/dz_l over noisy
 * copies of an image, layer by layer. The theory of divergence accumulation (arXiv 2306.02701) has
 * it gain one term a layer on the way from the output to the input. For networks of dense layers
 * with biases: there delta is the gradient by the bias.
 *
 * @param index of the layer, from the input
 * @param layer its name
 * @param variance mean over images of the trace of delta's covariance over copies
 * @param relative variance over the mean over images of ||mean delta||^2
 */
public record DeltaVariance(int index, String layer, double variance, double relative) {

  /**
   * @param deviation of the normal noise on every input value
   * @param copies of each image, at least 2: the clients that would hold them
   */
  public static List<DeltaVariance> measure(
      Supplier<? extends Model> models,
      float[] weights,
      Sample sample,
      double deviation,
      int copies,
      Randomness randomness) {
    try (Model model = models.get()) {
      List<Tensor> biases = biases(model.network());
      double[] variance = new double[biases.size()];
      double[] squares = new double[biases.size()];
      float[] gradient = new float[weights.length];
      for (int image = 0; image < sample.size(); image++) {
        List<Spread.Sum> sums = new ArrayList<>();
        biases.forEach(bias -> sums.add(new Spread.Sum(bias.size())));
        for (int copy = 0; copy < copies; copy++) {
          Batch batch = noisy(sample, image, copy, deviation, randomness);
          model.gradient(
              weights, new float[0], batch, Pass.FROZEN, CrossEntropy.INSTANCE, gradient);
          for (int i = 0; i < sums.size(); i++) {
            sums.get(i).add(gradient, biases.get(i).offset());
          }
        }
        for (int i = 0; i < sums.size(); i++) {
          variance[i] += sums.get(i).variance() / sample.size();
          squares[i] += sums.get(i).squareOfMean() / sample.size();
        }
      }
      List<DeltaVariance> all = new ArrayList<>();
      for (int i = 0; i < variance.length; i++) {
        String layer = model.network().node(biases.get(i).node()).name();
        all.add(new DeltaVariance(i, layer, variance[i], variance[i] / squares[i]));
      }
      return all;
    }
  }

  private static List<Tensor> biases(Network network) {
    for (Node node : network.nodes()) {
      boolean fits =
          node.layer() instanceof Layer.Dense dense
              ? dense.bias()
              : node.layer() instanceof Layer.Input || node.layer() instanceof Layer.Activate;
      if (!fits) {
        throw new IllegalArgumentException(
            network.name() + " is not a chain of dense layers with biases: " + node.name());
      }
    }
    return network.weights().stream().filter(tensor -> tensor.role() == Tensor.Role.BIAS).toList();
  }

  /** A batch of one image, noise added. */
  static Batch noisy(Sample sample, int image, int copy, double deviation, Randomness randomness) {
    Batch batch = sample.batch(image, image + 1);
    UniformRandomProvider generator = randomness.of("noise", image, copy);
    for (int i = 0; i < batch.pixels().length; i++) {
      batch.pixels()[i] += (float) (deviation * Randomness.normal(generator));
    }
    return batch;
  }
}
