package org.fedlayers.nn.dual;

import java.util.Arrays;
import org.fedlayers.nn.Normaliser;

/**
 * y = gamma h + beta with h = (x - m) / sqrt(v + eps), in evaluation mode. BATCH and HYBRID take m
 * and v from the running statistics, constants; the others from a group of channels of the sample,
 * which adds, with e = gamma d, mean over the group, and s = 1 / sqrt(v + eps):
 *
 * <pre>dx  = s (e - mean e - h mean(e h))
 * Rh  = s (Rx - mean Rx) - h mean(h s (Rx - mean Rx)),   Rs / s = -s mean(h (Rx - mean Rx))
 * Rdx = (Rs / s) dx + s (Re - mean Re - Rh mean(e h) - h mean(Re h + e Rh))</pre>
 */
final class DualNormaliser {
  private final ArrayPool pool;
  private final long[] shape;
  private final int channels;
  private final int pixels;

  /** Whether mean and variance are constants. */
  private final boolean constant;

  /** Values that share a mean and a variance: of a group of channels, or of one channel. */
  private final int count;

  private final double[] inverse;
  private final double[] inverseMoved;
  private final double[] h;
  private final double[] hMoved;
  private final double[] gamma;
  private final double[] gammaMoved;

  /**
   * @param means of each channel, if they are constants; the same for variances
   */
  DualNormaliser(
      Normaliser kind, Dual input, Dual scale, double[] means, double[] variances, ArrayPool pool) {
    this.pool = pool;
    shape = input.value().shape();
    channels = (int) shape[1];
    pixels = (int) (shape[2] * shape[3]);
    constant = kind.hasStatistics();
    count = pixels * (constant ? 1 : channels / kind.groupsOf(channels));
    gamma = scale.value().numbers();
    gammaMoved = moved(scale);
    double[] x = input.value().numbers();
    double[] xMoved = moved(input);
    h = pool.numbers(x.length);
    hMoved = input.moves() ? pool.numbers(x.length) : xMoved; // Zero, both.
    inverse = new double[x.length / count];
    inverseMoved = new double[inverse.length];
    for (int set = 0; set < inverse.length; set++) {
      int c = set % channels;
      normalise(set, x, xMoved, constant ? means[c] : 0, constant ? variances[c] : 0);
    }
  }

  private double[] moved(Dual dual) {
    if (dual.moves()) {
      return dual.tangent().numbers();
    }
    double[] zeros = pool.numbers(dual.value().numbers().length);
    Arrays.fill(zeros, 0);
    return zeros;
  }

  /** From x and Rx to h and Rh; mean and variance are 0 unless they are constants. */
  private void normalise(int set, double[] x, double[] xMoved, double mean, double variance) {
    int from = set * count;
    int to = from + count;
    double meanMoved = 0;
    for (int i = from; i < to && !constant; i++) {
      mean += x[i] / count;
      meanMoved += xMoved[i] / count;
    }
    for (int i = from; i < to && !constant; i++) {
      variance += (x[i] - mean) * (x[i] - mean) / count;
    }
    double s = 1 / Math.sqrt(variance + Normaliser.EPSILON);
    inverse[set] = s;
    double product = 0;
    for (int i = from; i < to; i++) {
      h[i] = pool.rounded((x[i] - mean) * s);
      product += constant ? 0 : h[i] * (xMoved[i] - meanMoved) / count;
    }
    inverseMoved[set] = -s * product;
    for (int i = from; i < to; i++) {
      hMoved[i] = pool.rounded(s * (xMoved[i] - meanMoved) - h[i] * s * product);
    }
  }

  Dual forward(Dual shift, boolean moves) {
    double[] beta = shift.value().numbers();
    double[] betaMoved = moved(shift);
    double[] y = pool.numbers(h.length);
    double[] moved = moves ? pool.numbers(h.length) : null;
    for (int row = 0; row < y.length / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        y[i] = gamma[c] * h[i] + beta[c];
        if (moves) {
          moved[i] = gamma[c] * hMoved[i] + gammaMoved[c] * h[i] + betaMoved[c];
        }
      }
    }
    return new Dual(pool.values(y, shape), moves ? pool.values(moved, shape) : null);
  }

  /** R of the derivative by scale, then by shift. */
  double[][] ofWeights(Dual outputGradient) {
    double[] d = outputGradient.value().numbers();
    double[] dMoved = outputGradient.tangent().numbers();
    double[][] sums = new double[2][channels];
    for (int row = 0; row < d.length / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        sums[0][c] += dMoved[i] * h[i] + d[i] * hMoved[i];
        sums[1][c] += dMoved[i];
      }
    }
    return sums;
  }

  Dual back(Dual outputGradient) {
    double[] d = outputGradient.value().numbers();
    double[] dMoved = outputGradient.tangent().numbers();
    double[] e = pool.numbers(d.length);
    double[] eMoved = pool.numbers(d.length);
    for (int row = 0; row < d.length / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        e[i] = gamma[c] * d[i];
        eMoved[i] = gamma[c] * dMoved[i] + gammaMoved[c] * d[i];
      }
    }
    for (int set = 0; set < inverse.length; set++) {
      back(set, e, eMoved);
    }
    return new Dual(pool.values(e, shape), pool.values(eMoved, shape));
  }

  /** From e and Re to dx and Rdx, in place. */
  private void back(int set, double[] e, double[] eMoved) {
    int from = set * count;
    int to = from + count;
    double mean = 0;
    double meanMoved = 0;
    double product = 0;
    double productMoved = 0;
    for (int i = from; i < to && !constant; i++) {
      mean += e[i] / count;
      meanMoved += eMoved[i] / count;
      product += e[i] * h[i] / count;
      productMoved += (eMoved[i] * h[i] + e[i] * hMoved[i]) / count;
    }
    double s = inverse[set];
    for (int i = from; i < to; i++) {
      double flow = pool.rounded(e[i]);
      double moving = pool.rounded(eMoved[i]);
      double dx = s * (flow - mean - h[i] * product);
      eMoved[i] =
          inverseMoved[set] * dx
              + s * (moving - meanMoved - hMoved[i] * product - h[i] * productMoved);
      e[i] = dx;
    }
  }
}
