package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.fedlayers.data.Batch;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.Vectors;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * Variance of K clients' gradients g_k at the same weights, layer by layer: the origin of client
 * divergence, before any local step. Every client has the same weight.
 *
 * @param index of the layer among kernel layers, from the input
 * @param layer its name; kernel and bias together
 * @param variance mean_k ||g_k - mean||^2: the trace of their covariance
 * @param relative variance / ||mean||^2; NaN where the mean is zero
 * @param perEntry variance / length
 */
public record GradientVariance(
    int index, String layer, double variance, double relative, double perEntry) {

  private static final int BATCH = 100;

  /**
   * @param at with the statistics that normalise, for every client
   * @param clients how many, at least one
   * @param images what the gradient of a client, from 0, is the mean over; asked for one after the
   *     other, so that those of one client are in memory at a time
   */
  public static List<GradientVariance> measure(
      Supplier<? extends Model> models,
      Federation.ModelState at,
      int clients,
      IntFunction<ImageSample> images) {
    try (Model model = models.get()) {
      List<Node> layers = model.network().kernelLayers();
      double[] mean = new double[at.weights().length];
      double[] squares = new double[layers.size()];
      for (int k = 0; k < clients; k++) {
        float[] gradient = gradient(model, at, images.apply(k));
        for (int l = 0; l < squares.length; l++) {
          for (Tensor tensor : model.network().weightsOf(layers.get(l).index())) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
              // Welford's recursion: no difference of large sums.
              double difference = gradient[i] - mean[i];
              mean[i] += difference / (k + 1);
              squares[l] += difference * (gradient[i] - mean[i]);
            }
          }
        }
      }
      List<GradientVariance> all = new ArrayList<>();
      for (Node layer : layers) {
        int l = all.size();
        double square = 0;
        int size = 0;
        for (Tensor tensor : model.network().weightsOf(layer.index())) {
          size += tensor.size();
          for (int i = tensor.offset(); i < tensor.end(); i++) {
            square += mean[i] * mean[i];
          }
        }
        double variance = squares[l] / clients;
        double relative = Divergence.ratio(variance, square);
        all.add(new GradientVariance(l, layer.name(), variance, relative, variance / size));
      }
      return all;
    }
  }

  private static float[] gradient(Model model, Federation.ModelState at, ImageSample client) {
    double[] mean = new double[at.weights().length];
    float[] part = new float[mean.length];
    for (Batch batch : client.batches(BATCH)) {
      float[] statistics = at.statistics().clone();
      model.gradient(at.weights(), statistics, batch, Pass.FROZEN, CrossEntropy.INSTANCE, part);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (double) part[i] * batch.size() / client.size();
      }
    }
    Vectors.round(mean, part);
    return part;
  }
}
