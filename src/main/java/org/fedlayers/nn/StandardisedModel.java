package org.fedlayers.nn;

import java.util.List;
import org.fedlayers.data.Batch;

/**
 * Weight standardisation (Qiao et al. 2019, arXiv 1903.10520) over any model: before each pass
 * every filter w of a convolution, the n weights that make one output channel, becomes
 *
 * <pre>
 * gain (w - mean(w)) / sqrt(||w - mean(w)||^2 + eps)
 * </pre>
 *
 * and the gradient is carried back through this. The norm in place of the deviation is the scale of
 * nets without normalisers, whose gain sqrt(2 / (1 - 1/pi)) keeps the variance through a ReLU
 * (Brock et al. 2021, arXiv 2101.08692, and FedWon, arXiv 2306.05879); a normaliser over the
 * convolution undoes it. Filters of one weight, which would vanish, and dense layers stay as they
 * are. What is sent, averaged and decayed is w.
 */
public final class StandardisedModel implements Model {
  private static final double GAIN = Math.sqrt(2 / (1 - 1 / Math.PI));
  private static final double EPS = 1e-4;

  private final Model model;
  private final List<Tensor> kernels;
  private final float[] standardised;

  /** The norm of each filter, at the index of its first weight. */
  private final float[] norms;

  /**
   * @param model computes the network with the standardised kernels; closed with this
   */
  public StandardisedModel(Model model) {
    this.model = model;
    Network network = model.network();
    kernels =
        network.weights().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.KERNEL && tensor.fanIn() > 1)
            .filter(tensor -> network.node(tensor.node()).layer() instanceof Layer.Convolution)
            .toList();
    standardised = new float[network.weightCount()];
    norms = new float[network.weightCount()];
  }

  @Override
  public Network network() {
    return model.network();
  }

  @Override
  public double gradient(
      float[] weights, float[] statistics, Batch batch, Pass pass, LogitLoss loss, float[] result) {
    standardise(weights);
    double value = model.gradient(standardised, statistics, batch, pass, loss, result);
    for (Tensor kernel : kernels) {
      for (int from = kernel.offset(); from < kernel.end(); from += kernel.fanIn()) {
        carryBack(result, from, from + kernel.fanIn());
      }
    }
    return value;
  }

  @Override
  public double penalty() {
    return model.penalty();
  }

  @Override
  public void logits(float[] weights, float[] statistics, Batch batch, float[] logits) {
    standardise(weights);
    model.logits(standardised, statistics, batch, logits);
  }

  @Override
  public void close() {
    model.close();
  }

  private void standardise(float[] weights) {
    System.arraycopy(weights, 0, standardised, 0, weights.length);
    for (Tensor kernel : kernels) {
      for (int from = kernel.offset(); from < kernel.end(); from += kernel.fanIn()) {
        int to = from + kernel.fanIn();
        double mean = mean(weights, from, to);
        double squares = EPS;
        for (int i = from; i < to; i++) {
          squares += (weights[i] - mean) * (weights[i] - mean);
        }
        norms[from] = (float) Math.sqrt(squares);
        for (int i = from; i < to; i++) {
          standardised[i] = (float) (GAIN * (weights[i] - mean) / norms[from]);
        }
      }
    }
  }

  /** With u = (w - mean) / norm, turns d into gain / norm (d - mean(d) - u (u . d)). */
  private void carryBack(float[] gradient, int from, int to) {
    double along = 0;
    for (int i = from; i < to; i++) {
      along += standardised[i] / GAIN * gradient[i];
    }
    double mean = mean(gradient, from, to);
    for (int i = from; i < to; i++) {
      double across = gradient[i] - mean - standardised[i] / GAIN * along;
      gradient[i] = (float) (GAIN / norms[from] * across);
    }
  }

  private static double mean(float[] vector, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += vector[i];
    }
    return sum / (to - from);
  }
}
