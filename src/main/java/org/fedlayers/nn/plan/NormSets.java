package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.fedlayers.nn.Normaliser;

/**
 * The small arithmetic of normalisers whose values fall into sets that share a mean and a variance:
 * a set is the channels of a group within a sample or, for HYBRID, a channel over the batch.
 *
 * <p>A set normalises by mean = (1-a) M + a own, the same for the variance, where M is the running
 * mean and a the share: sigmoid(mix) for HYBRID, else 1. With d and v the derivatives of the loss
 * by mean and variance, an input x then gets, beside what flows through a constant mean and
 * variance, a (d + 2 v (x - own)) / count.
 */
final class NormSets {
  private final int size;
  private final int channels;
  private final int pixels;
  private final int rowsPerSample;
  private final int setsPerSample;
  private final int channelsPerSet;
  private final double count;
  private final Moments moments;
  private final double[] own;
  private final double[] ownVariance;
  private final double[] share;
  private final double[] constantMean;
  private final double[] constantVariance;
  private final double[] mean;
  private final double[] variance;
  private final double[] byMean;
  private final double[] byVariance;

  /**
   * @param rowsPerSample channels and the padding behind them
   * @param block channels that lie side by side
   * @param groups of channels within a sample, or 0 for channels over the batch
   */
  NormSets(int size, int channels, int rowsPerSample, int block, int pixels, int groups) {
    this.size = size;
    this.channels = channels;
    this.rowsPerSample = rowsPerSample;
    this.pixels = pixels;
    moments = new Moments(size * rowsPerSample, block, pixels);
    setsPerSample = groups;
    channelsPerSet = groups == 0 ? 1 : channels / groups;
    int sets = groups == 0 ? channels : size * groups;
    count = (double) size * channels * pixels / sets;
    own = new double[sets];
    ownVariance = new double[sets];
    share = new double[sets];
    Arrays.fill(share, 1);
    constantMean = new double[sets];
    constantVariance = new double[sets];
    mean = new double[sets];
    variance = new double[sets];
    byMean = new double[sets];
    byVariance = new double[sets];
  }

  private int set(int sample, int channel) {
    return sample * setsPerSample + channel / channelsPerSet;
  }

  /** Channels of all samples, padding included. */
  int rows() {
    return size * rowsPerSample;
  }

  /** HYBRID: takes the running statistics as constants, and each channel's share. */
  void mix(FloatBuffer mix, FloatBuffer runningMean, FloatBuffer runningVariance) {
    for (int c = 0; c < channels; c++) {
      share[c] = 1 / (1 + StrictMath.exp(-mix.get(c)));
      constantMean[c] = runningMean.get(c);
      constantVariance[c] = runningVariance.get(c);
    }
  }

  /** Over the batch: moves the running statistics towards its own, or by a rate of 1 to them. */
  void move(double rate, FloatBuffer runningMean, FloatBuffer runningVariance) {
    for (int c = 0; c < channels; c++) {
      double unbiased = ownVariance[c] * count / (count - 1);
      runningMean.put(c, (float) moved(rate, constantMean[c], own[c]));
      runningVariance.put(c, (float) moved(rate, constantVariance[c], unbiased));
    }
  }

  private static double moved(double rate, double from, double towards) {
    return (1 - rate) * from + rate * towards;
  }

  /** Each set's own mean and variance from those of its channels. */
  void measure(FloatBuffer image) {
    moments.measure(image);
    Arrays.fill(own, 0);
    Arrays.fill(ownVariance, 0);
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        own[set(n, c)] += moments.mean(n * rowsPerSample + c) * pixels / count;
      }
    }
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        int row = n * rowsPerSample + c;
        double off = moments.mean(row) - own[set(n, c)];
        ownVariance[set(n, c)] += (moments.deviations(row) + pixels * off * off) / count;
      }
    }
    for (int s = 0; s < own.length; s++) {
      mean[s] = (1 - share[s]) * constantMean[s] + share[s] * own[s];
      variance[s] = (1 - share[s]) * constantVariance[s] + share[s] * ownVariance[s];
    }
  }

  /**
   * Writes, for every channel of every sample, what the kernel normalises, scales and shifts by.
   */
  void spread(
      FloatBuffer scaleAndShift,
      FloatBuffer means,
      FloatBuffer variances,
      FloatBuffer scalesAndShifts) {
    int rows = rows();
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < rowsPerSample; c++) {
        boolean padding = c >= channels;
        int row = n * rowsPerSample + c;
        means.put(row, padding ? 0 : (float) mean[set(n, c)]);
        variances.put(row, padding ? 1 : (float) variance[set(n, c)]);
        scalesAndShifts.put(row, padding ? 0 : scaleAndShift.get(c));
        scalesAndShifts.put(rows + row, padding ? 0 : scaleAndShift.get(channels + c));
      }
    }
  }

  /**
   * Adds up the gradients of scale and shift over the samples, and finds the slope and offset of
   * what each channel's inputs still have to get.
   *
   * @param rowGradients gradients by each row's scale, then by each row's shift
   * @param gradient of scale, then of shift
   */
  void back(
      FloatBuffer scale,
      FloatBuffer rowGradients,
      FloatBuffer gradient,
      float[] slopes,
      float[] offsets) {
    Arrays.fill(byMean, 0);
    Arrays.fill(byVariance, 0);
    int rows = rows();
    for (int c = 0; c < channels; c++) {
      double byScale = 0;
      double byShift = 0;
      for (int n = 0; n < size; n++) {
        int row = n * rowsPerSample + c;
        int s = set(n, c);
        double spread = variance[s] + Normaliser.EPSILON;
        byScale += rowGradients.get(row);
        byShift += rowGradients.get(rows + row);
        byMean[s] -= scale.get(c) * rowGradients.get(rows + row) / Math.sqrt(spread);
        byVariance[s] -= scale.get(c) * rowGradients.get(row) / (2 * spread);
      }
      gradient.put(c, (float) byScale);
      gradient.put(channels + c, (float) byShift);
    }
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        int s = set(n, c);
        double slope = 2 * share[s] * byVariance[s] / count;
        slopes[n * rowsPerSample + c] = (float) slope;
        offsets[n * rowsPerSample + c] = (float) (share[s] * byMean[s] / count - slope * own[s]);
      }
    }
  }

  /** HYBRID: the gradient by each channel's mix. */
  void backMix(FloatBuffer gradient) {
    for (int c = 0; c < channels; c++) {
      double byShare = byMean[c] * (own[c] - constantMean[c]);
      byShare += byVariance[c] * (ownVariance[c] - constantVariance[c]);
      gradient.put(c, (float) (byShare * share[c] * (1 - share[c])));
    }
  }
}
