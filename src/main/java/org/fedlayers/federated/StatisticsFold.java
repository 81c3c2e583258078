package org.fedlayers.federated;

import java.util.List;
import org.fedlayers.nn.Tensor;

/**
 * How the server makes one set of normaliser statistics of the clients', in double and in the
 * clients' order.
 */
public final class StatisticsFold {
  private StatisticsFold() {}

  /**
   * @param tensors what the statistics hold, in order
   * @param shares one for each of the statistics; their sum is 1
   * @param statistics vectors of equal length
   */
  public static float[] fold(
      List<Tensor> tensors,
      StatisticsPolicy.Averaging averaging,
      List<Double> shares,
      List<float[]> statistics) {
    int length = tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    double[] mean = new double[length];
    for (int client = 0; client < statistics.size(); client++) {
      float[] own = statistics.get(client);
      for (int i = 0; i < length; i++) {
        mean[i] += shares.get(client) * own[i];
      }
    }
    if (averaging == StatisticsPolicy.Averaging.TOTAL_VARIANCE) {
      addVarianceBetween(tensors, shares, statistics, mean);
    }
    return Vectors.rounded(mean);
  }

  /** Adds sum_i p_i (mean_i - mean)^2 to each variance; its mean is the tensor just before it. */
  private static void addVarianceBetween(
      List<Tensor> tensors, List<Double> shares, List<float[]> statistics, double[] folded) {
    for (Tensor tensor : tensors) {
      if (tensor.role() != Tensor.Role.VARIANCE) {
        continue;
      }
      for (int client = 0; client < statistics.size(); client++) {
        float[] own = statistics.get(client);
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          double apart = own[i - tensor.size()] - folded[i - tensor.size()];
          folded[i] += shares.get(client) * apart * apart;
        }
      }
    }
  }
}
