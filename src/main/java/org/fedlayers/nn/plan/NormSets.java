package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;

/**
 * The arithmetic of normalisers whose values fall into sets that weight a mean and a variance: a
 * set is the channels of a group within a sample or, for HYBRID, a channel over the batch.
 *
 * <p>A set normalises by mean = (1-a) M + a own, the same for the variance, where M is the running
 * mean and a the weight of the batch: sigmoid(mix) for HYBRID, else 1. With d and v the derivatives
 * of the loss by mean and variance, an input x then gets, beside what flows through a constant mean
 * and variance, a (d + 2 v (x - own)) / count.
 *
 * <p>A row is one channel of one sample.
 */
final class NormSets {
  private static final int LANES = 256;

  private final int size;
  private final int channels;
  private final int pixels;

  /** Channels that lie side by side. */
  private final int block;

  /** Channels and the padding behind them. */
  private final int rowsPerSample;

  private final int setsPerSample;
  private final int channelsPerSet;
  private final double count;
  private final Moments moments;
  private final Set[] sets;

  /** What is known of one set. */
  private static final class Set {
    double own;
    double ownVariance;
    double weight = 1;
    double constantMean;
    double constantVariance;
    double mean;
    double variance;
    double byMean;
    double byVariance;
  }

  /** The correction of each row: factor x + offset. */
  private final float[] factors;

  private final float[] offsets;
  private final float[] factorLanes = new float[LANES];
  private final float[] offsetLanes = new float[LANES];
  private final float[] values = new float[LANES];
  private final float[] targets = new float[LANES];

  /**
   * @param groups of channels within a sample, or 0 for channels over the batch
   */
  NormSets(Layouts layouts, int size, Shape shape, int groups) {
    this.size = size;
    channels = shape.channels();
    rowsPerSample = layouts.paddedChannels(shape);
    pixels = shape.pixels();
    block = layouts.block(shape);
    moments = new Moments(size * rowsPerSample, block, pixels);
    setsPerSample = groups;
    channelsPerSet = groups == 0 ? 1 : channels / groups;
    sets = new Set[groups == 0 ? channels : size * groups];
    Arrays.setAll(sets, i -> new Set());
    count = (double) size * channels * pixels / sets.length;
    factors = new float[rows()];
    offsets = new float[rows()];
  }

  private Set set(int sample, int channel) {
    return sets[sample * setsPerSample + channel / channelsPerSet];
  }

  /** Channels of all samples, padding included. */
  int rows() {
    return size * rowsPerSample;
  }

  /** HYBRID: takes the running statistics as constants, and each channel's weight of the batch. */
  void mix(FloatBuffer mix, FloatBuffer runningMean, FloatBuffer runningVariance) {
    for (int c = 0; c < channels; c++) {
      sets[c].weight = 1 / (1 + StrictMath.exp(-mix.get(c)));
      sets[c].constantMean = runningMean.get(c);
      sets[c].constantVariance = runningVariance.get(c);
    }
  }

  /** Over the batch: moves the running statistics towards its own, or by a rate of 1 to them. */
  void move(double rate, FloatBuffer runningMean, FloatBuffer runningVariance) {
    for (int c = 0; c < channels; c++) {
      double unbiased = sets[c].ownVariance * count / (count - 1);
      runningMean.put(c, (float) moved(rate, sets[c].constantMean, sets[c].own));
      runningVariance.put(c, (float) moved(rate, sets[c].constantVariance, unbiased));
    }
  }

  private static double moved(double rate, double from, double towards) {
    return (1 - rate) * from + rate * towards;
  }

  /** Each set's own mean and variance from those of its channels. */
  void measure(FloatBuffer image) {
    moments.measure(image);
    for (Set set : sets) {
      set.own = 0;
      set.ownVariance = 0;
    }
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        set(n, c).own += moments.means[n * rowsPerSample + c] * pixels / count;
      }
    }
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        Set set = set(n, c);
        int row = n * rowsPerSample + c;
        double off = moments.means[row] - set.own;
        set.ownVariance += (moments.deviations[row] + pixels * off * off) / count;
      }
    }
    for (Set set : sets) {
      set.mean = (1 - set.weight) * set.constantMean + set.weight * set.own;
      set.variance = (1 - set.weight) * set.constantVariance + set.weight * set.ownVariance;
    }
  }

  /**
   * Writes, for every channel of every sample, what the kernel normalises, scales and shifts by.
   */
  void writeRows(
      FloatBuffer affine, FloatBuffer means, FloatBuffer variances, FloatBuffer rowAffine) {
    int rows = rows();
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < rowsPerSample; c++) {
        boolean padding = c >= channels;
        int row = n * rowsPerSample + c;
        means.put(row, padding ? 0 : (float) set(n, c).mean);
        variances.put(row, padding ? 1 : (float) set(n, c).variance);
        rowAffine.put(row, padding ? 0 : affine.get(c));
        rowAffine.put(rows + row, padding ? 0 : affine.get(channels + c));
      }
    }
  }

  /**
   * Adds up the gradients of scale and shift over the samples, and finds the correction of each
   * row's inputs.
   *
   * @param rowGradients gradients by each row's scale, then by each row's shift
   * @param gradient of scale, then of shift
   */
  void back(FloatBuffer scale, FloatBuffer rowGradients, FloatBuffer gradient) {
    for (Set set : sets) {
      set.byMean = 0;
      set.byVariance = 0;
    }
    int rows = rows();
    for (int c = 0; c < channels; c++) {
      double byScale = 0;
      double byShift = 0;
      for (int n = 0; n < size; n++) {
        int row = n * rowsPerSample + c;
        Set set = set(n, c);
        double squared = set.variance + Normaliser.EPSILON;
        byScale += rowGradients.get(row);
        byShift += rowGradients.get(rows + row);
        set.byMean -= scale.get(c) * rowGradients.get(rows + row) / Math.sqrt(squared);
        set.byVariance -= scale.get(c) * rowGradients.get(row) / (2 * squared);
      }
      gradient.put(c, (float) byScale);
      gradient.put(channels + c, (float) byShift);
    }
    for (int n = 0; n < size; n++) {
      for (int c = 0; c < channels; c++) {
        Set set = set(n, c);
        int row = n * rowsPerSample + c;
        double factor = 2 * set.weight * set.byVariance / count;
        factors[row] = (float) factor;
        offsets[row] = (float) (set.weight * set.byMean / count - factor * set.own);
      }
    }
  }

  /** HYBRID: the gradient by each channel's mix. */
  void backMix(FloatBuffer gradient) {
    for (int c = 0; c < channels; c++) {
      Set set = sets[c];
      double byWeight = set.byMean * (set.own - set.constantMean);
      byWeight += set.byVariance * (set.ownVariance - set.constantVariance);
      gradient.put(c, (float) (byWeight * set.weight * (1 - set.weight)));
    }
  }

  /** inputGradient += factor x + offset, row by row. */
  void correct(FloatBuffer x, FloatBuffer inputGradient) {
    int length = pixels * block;
    for (int row = 0; row < factors.length; row += block) {
      for (int i = 0; i < LANES; i += block) {
        System.arraycopy(factors, row, factorLanes, i, block);
        System.arraycopy(offsets, row, offsetLanes, i, block);
      }
      for (int at = 0; at < length; at += LANES) {
        int some = Math.min(LANES, length - at);
        x.get(row * pixels + at, values, 0, some);
        inputGradient.get(row * pixels + at, targets, 0, some);
        add(targets, values, factorLanes, offsetLanes);
        inputGradient.put(row * pixels + at, targets, 0, some);
      }
    }
  }

  private static void add(float[] targets, float[] x, float[] factors, float[] offsets) {
    for (int i = 0; i < targets.length; i++) {
      targets[i] += factors[i] * x[i] + offsets[i];
    }
  }
}
