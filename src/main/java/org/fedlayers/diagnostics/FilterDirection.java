package org.fedlayers.diagnostics;

import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;

/**
 * Random directions in the space of weights that mean the same in networks of unlike scale (Li et
 * al., 2018, arXiv 1712.09913): normal draws, each filter scaled to the norm of the filter it
 * moves. A filter is what one output channel or unit is made from. Biases and normalisers' scale
 * and shift stay, as in the paper.
 */
final class FilterDirection {
  private FilterDirection() {}

  /**
   * @param index tells directions of one seed apart
   */
  static double[] random(Network network, float[] weights, Randomness randomness, int index) {
    double[] direction = new double[weights.length];
    UniformRandomProvider generator = randomness.of("landscape", index);
    for (Tensor tensor : network.weights()) {
      if (tensor.role() != Tensor.Role.KERNEL) {
        continue;
      }
      int length = tensor.size() / tensor.dimensions()[0];
      for (int from = tensor.offset(); from < tensor.end(); from += length) {
        for (int i = from; i < from + length; i++) {
          direction[i] = Randomness.normal(generator);
        }
        scale(direction, weights, from, from + length);
      }
    }
    return direction;
  }

  private static void scale(double[] direction, float[] weights, int from, int to) {
    double drawn = 0;
    double wanted = 0;
    for (int i = from; i < to; i++) {
      drawn += direction[i] * direction[i];
      wanted += (double) weights[i] * weights[i];
    }
    double factor = Math.sqrt(wanted / drawn);
    for (int i = from; i < to; i++) {
      direction[i] *= factor;
    }
  }
}
