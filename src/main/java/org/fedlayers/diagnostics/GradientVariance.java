package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fedlayers.data.Batch;
import org.fedlayers.federated.Vectors;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * How unlike clients' gradients are at the same weights, layer by layer: where divergence comes
 * from, before any local step.
 *
 * @param index of the layer among kernel layers, from the input
 * @param layer its name; kernel and bias together
 * @param spread of the clients' gradients, one each, every client counting alike
 */
public record GradientVariance(int index, String layer, Spread spread) {

  private static final int BATCH = 100;

  /**
   * @param statistics that normalise, for every client
   * @param clients each with the images its gradient is the mean over; at least one
   */
  public static List<GradientVariance> measure(
      Supplier<? extends Model> models,
      float[] weights,
      float[] statistics,
      List<ImageSample> clients) {
    try (Model model = models.get()) {
      Network network = model.network();
      List<Node> layers = network.kernelLayers();
      List<Spread.Sum> sums = new ArrayList<>();
      for (Node layer : layers) {
        List<Tensor> own = network.weightsOf(layer.index());
        sums.add(new Spread.Sum(own.stream().mapToInt(Tensor::size).sum()));
      }
      for (ImageSample client : clients) {
        float[] gradient = gradient(model, weights, statistics, client);
        for (int i = 0; i < sums.size(); i++) {
          int first = network.weightsOf(layers.get(i).index()).get(0).offset();
          sums.get(i).add(gradient, first);
        }
      }
      List<GradientVariance> all = new ArrayList<>();
      for (int i = 0; i < sums.size(); i++) {
        all.add(new GradientVariance(i, layers.get(i).name(), sums.get(i).spread()));
      }
      return all;
    }
  }

  private static float[] gradient(
      Model model, float[] weights, float[] statistics, ImageSample client) {
    double[] mean = new double[weights.length];
    float[] part = new float[weights.length];
    for (Batch batch : client.batches(BATCH)) {
      model.gradient(weights, statistics.clone(), batch, Pass.FROZEN, CrossEntropy.INSTANCE, part);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (double) part[i] * batch.size() / client.size();
      }
    }
    Vectors.round(mean, part);
    return part;
  }
}
