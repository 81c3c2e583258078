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
  private final Arena arena;
  private final long[] shape;
  private final int channels;
  private final int pixels;

  /** Whether statistics are, and else how many values share theirs. */
  private final boolean constant;

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
      Normaliser normaliser,
      Dual input,
      Dual scale,
      double[] means,
      double[] variances,
      Arena arena) {
    this.arena = arena;
    shape = input.value().shape();
    channels = (int) shape[1];
    pixels = (int) (shape[2] * shape[3]);
    constant = normaliser.hasStatistics();
    count = pixels * (constant ? 1 : channels / normaliser.groupsOf(channels));
    gamma = Arena.values(scale.value());
    gammaMoved = moved(scale);
    h = Arena.values(input.value());
    hMoved = moved(input);
    inverse = new double[h.length / count];
    inverseMoved = new double[inverse.length];
    for (int set = 0; set < inverse.length; set++) {
      if (constant) {
        normalise(set, means[set % channels], variances[set % channels]);
      } else {
        normalise(set);
      }
    }
  }

  private static double[] moved(Dual dual) {
    return dual.moves() ? Arena.values(dual.tangent()) : new double[(int) dual.value().length()];
  }

  private void normalise(int set, double mean, double variance) {
    double s = 1 / Math.sqrt(variance + Normaliser.EPSILON);
    inverse[set] = s;
    for (int i = set * count; i < (set + 1) * count; i++) {
      h[i] = arena.rounded((h[i] - mean) * s);
      hMoved[i] = arena.rounded(s * hMoved[i]);
    }
  }

  private void normalise(int set) {
    int from = set * count;
    int to = from + count;
    double mean = 0;
    double drift = 0;
    for (int i = from; i < to; i++) {
      mean += h[i] / count;
      drift += hMoved[i] / count;
    }
    double variance = 0;
    for (int i = from; i < to; i++) {
      variance += (h[i] - mean) * (h[i] - mean) / count;
      hMoved[i] -= drift;
    }
    double[] moved = Arrays.copyOfRange(hMoved, from, to);
    normalise(set, mean, variance);
    double stretch = 0;
    for (int i = from; i < to; i++) {
      stretch += h[i] * moved[i - from] / count;
    }
    double s = inverse[set];
    inverseMoved[set] = -s * stretch;
    for (int i = from; i < to; i++) {
      hMoved[i] = arena.rounded(s * moved[i - from] - h[i] * s * stretch);
    }
  }

  Dual forward(Dual shift, boolean moves) {
    double[] beta = Arena.values(shift.value());
    double[] betaMoved = moved(shift);
    double[] y = new double[h.length];
    double[] moved = new double[h.length];
    for (int row = 0; row < y.length / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        y[i] = gamma[c] * h[i] + beta[c];
        moved[i] = gamma[c] * hMoved[i] + gammaMoved[c] * h[i] + betaMoved[c];
      }
    }
    return new Dual(arena.of(y, shape), moves ? arena.of(moved, shape) : null);
  }

  /** R of the derivative by scale, then by shift. */
  double[][] ofWeights(Dual slope) {
    double[] d = Arena.values(slope.value());
    double[] moving = Arena.values(slope.tangent());
    double[][] sums = new double[2][channels];
    for (int row = 0; row < d.length / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        sums[0][c] += moving[i] * h[i] + d[i] * hMoved[i];
        sums[1][c] += moving[i];
      }
    }
    return sums;
  }

  Dual back(Dual slope) {
    double[] e = Arena.values(slope.value());
    double[] eMoved = Arena.values(slope.tangent());
    for (int set = 0; set < inverse.length; set++) {
      back(set, e, eMoved);
    }
    return new Dual(arena.of(e, shape), arena.of(eMoved, shape));
  }

  private void back(int set, double[] e, double[] eMoved) {
    int from = set * count;
    double pull = 0;
    double pullMoved = 0;
    double turn = 0;
    double turnMoved = 0;
    for (int row = from / pixels; row < (from + count) / pixels; row++) {
      int c = row % channels;
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        double flow = gamma[c] * e[i];
        double moving = gamma[c] * eMoved[i] + gammaMoved[c] * e[i];
        e[i] = arena.rounded(flow);
        eMoved[i] = arena.rounded(moving);
        if (!constant) {
          pull += flow / count;
          pullMoved += moving / count;
          turn += flow * h[i] / count;
          turnMoved += (moving * h[i] + flow * hMoved[i]) / count;
        }
      }
    }
    double s = inverse[set];
    for (int i = from; i < from + count; i++) {
      double dx = s * (e[i] - pull - h[i] * turn);
      eMoved[i] =
          inverseMoved[set] * dx
              + s * (eMoved[i] - pullMoved - hMoved[i] * turn - h[i] * turnMoved);
      e[i] = dx;
    }
  }
}
