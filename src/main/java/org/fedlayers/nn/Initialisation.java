package org.fedlayers.nn;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Randomness;

/**
 * The weights a network starts from. Kernels and biases are drawn; scales start at 1, shifts and
 * HBN's mix at 0.
 */
public enum Initialisation {
  /**
   * Uniform in +-1/sqrt(fan-in), weights and biases: what PyTorch's layers do. Its gain shrinks a
   * deep chain of ReLUs.
   */
  PYTORCH {
    @Override
    DoubleSupplier sampler(UniformRandomProvider generator, Tensor tensor) {
      double bound = 1 / Math.sqrt(tensor.fanIn());
      return () -> bound * (2 * generator.nextDouble() - 1);
    }
  },
  /** Normal of variance 2/fan-in, biases 0 (He et al., 2015, arXiv 1502.01852). */
  HE {
    @Override
    DoubleSupplier sampler(UniformRandomProvider generator, Tensor tensor) {
      double deviation = Math.sqrt(2.0 / tensor.fanIn());
      return tensor.role() == Tensor.Role.BIAS
          ? () -> 0
          : () -> deviation * Randomness.normal(generator);
    }
  };

  abstract DoubleSupplier sampler(UniformRandomProvider generator, Tensor tensor);

  /**
   * Draws the weights. The generator of a tensor is made from its name, so layers that two networks
   * share start alike whatever else differs: another layer's width, the normaliser, the skips.
   *
   * @return a new vector in the network's canonical order
   */
  public float[] weights(Network network, Randomness randomness) {
    float[] weights = new float[network.weightCount()];
    for (Tensor tensor : network.weights()) {
      switch (tensor.role()) {
        case KERNEL, BIAS -> {
          UniformRandomProvider generator = randomness.of("initialisation " + tensor.name());
          DoubleSupplier sampler = sampler(generator, tensor);
          for (int i = tensor.offset(); i < tensor.end(); i++) {
            weights[i] = (float) sampler.getAsDouble();
          }
        }
        case SCALE -> Arrays.fill(weights, tensor.offset(), tensor.end(), 1f);
        default -> {} // shift and mix stay 0
      }
    }
    return weights;
  }
}
