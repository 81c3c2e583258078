package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A bias, or its gradient, in the form of {@link PixelRows}: one row for each block of channels.
 */
final class BiasRows {
  private final int block;
  private final float[][] rows;

  BiasRows(int blocks, PixelRows like) {
    block = like.block;
    rows = new float[blocks][like.length()];
  }

  /** Repeats a bias for every image. */
  void repeat(FloatBuffer bias) {
    for (int channel = 0; channel < bias.capacity(); channel++) {
      float[] row = rows[channel / block];
      for (int i = channel % block; i < row.length; i += block) {
        row[i] = bias.get(channel);
      }
    }
  }

  void addTo(int blockIndex, float[] row, int length) {
    sum(row, rows[blockIndex], length);
  }

  void clear() {
    for (float[] row : rows) {
      Arrays.fill(row, 0);
    }
  }

  void add(int blockIndex, float[] row, int length) {
    sum(rows[blockIndex], row, length);
  }

  private static void sum(float[] to, float[] part, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += part[i];
    }
  }

  /** Writes the sum over the images of each channel. */
  void sums(FloatBuffer bias) {
    for (int channel = 0; channel < bias.capacity(); channel++) {
      float[] row = rows[channel / block];
      double sum = 0;
      for (int i = channel % block; i < row.length; i += block) {
        sum += row[i];
      }
      bias.put(channel, (float) sum);
    }
  }
}
