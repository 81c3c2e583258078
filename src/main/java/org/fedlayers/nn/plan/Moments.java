package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Mean and sum of squared deviations of every channel of every sample of an image in blocks.
 *
 * <p>Values pass through small arrays, over which the compiler's vector loops run at the speed of
 * the cache; sums are over lanes of floats first, over doubles in a fixed order then.
 */
final class Moments {
  private static final int LANES = 1024;

  private final int block;
  private final int pixels;
  private final float[] values = new float[LANES];
  private final float[] lanes = new float[LANES];

  final double[] means;

  /** Of each row, the sum of squared deviations from its mean. */
  final double[] deviations;

  /**
   * @param rows samples x channels, padding included
   * @param block channels that lie side by side; divides the lanes
   */
  Moments(int rows, int block, int pixels) {
    this.block = block;
    this.pixels = pixels;
    means = new double[rows];
    deviations = new double[rows];
  }

  void measure(FloatBuffer image) {
    double[] sums = new double[block];
    for (int row = 0; row < means.length; row += block) {
      int from = row * pixels;
      addUp(image, from, false, 0);
      addUpLanes(sums);
      double middle = 0;
      for (int i = 0; i < block; i++) {
        means[row + i] = sums[i] / pixels;
        middle += means[row + i] / block;
      }
      // Deviations from one number near all means: no two large sums are subtracted.
      float near = (float) middle;
      addUp(image, from, true, near);
      addUpLanes(sums);
      for (int i = 0; i < block; i++) {
        double off = means[row + i] - near;
        deviations[row + i] = Math.max(0, sums[i] - pixels * off * off);
      }
    }
  }

  /** Adds up the lanes of each channel. */
  private void addUpLanes(double[] sums) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < LANES; i += sums.length) {
      for (int channel = 0; channel < sums.length; channel++) {
        sums[channel] += lanes[i + channel];
      }
    }
  }

  /** Fills the lanes with sums of values, or of squared deviations from a number. */
  private void addUp(FloatBuffer image, int from, boolean squares, float near) {
    Arrays.fill(lanes, 0);
    int length = pixels * block;
    for (int at = 0; at < length; at += LANES) {
      int count = Math.min(LANES, length - at);
      image.get(from + at, values, 0, count);
      Arrays.fill(values, count, LANES, squares ? near : 0);
      if (squares) {
        addSquares(lanes, values, near);
      } else {
        add(lanes, values);
      }
    }
  }

  private static void add(float[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  /** Adds squared deviations from a number. */
  static void addSquares(float[] sums, float[] values, float near) {
    for (int i = 0; i < sums.length; i++) {
      float deviation = values[i] - near;
      sums[i] += deviation * deviation;
    }
  }
}
