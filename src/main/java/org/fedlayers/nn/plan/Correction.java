package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;

/** target += slope x + offset, with a slope and an offset for every channel of every sample. */
final class Correction {
  private static final int LANES = 1024;

  private final int block;
  private final int pixels;
  private final float[] slopes;
  private final float[] offsets;
  private final float[] slopeLanes = new float[LANES];
  private final float[] offsetLanes = new float[LANES];
  private final float[] values = new float[LANES];
  private final float[] targets = new float[LANES];

  Correction(int rows, int block, int pixels) {
    this.block = block;
    this.pixels = pixels;
    slopes = new float[rows];
    offsets = new float[rows];
  }

  /** One for each row: samples x channels, padding included. */
  float[] slopes() {
    return slopes;
  }

  float[] offsets() {
    return offsets;
  }

  void apply(FloatBuffer x, FloatBuffer target) {
    int length = pixels * block;
    for (int row = 0; row < slopes.length; row += block) {
      for (int i = 0; i < LANES; i += block) {
        System.arraycopy(slopes, row, slopeLanes, i, block);
        System.arraycopy(offsets, row, offsetLanes, i, block);
      }
      for (int at = 0; at < length; at += LANES) {
        int count = Math.min(LANES, length - at);
        x.get(row * pixels + at, values, 0, count);
        target.get(row * pixels + at, targets, 0, count);
        addLine(targets, values, slopeLanes, offsetLanes);
        target.put(row * pixels + at, targets, 0, count);
      }
    }
  }

  private static void addLine(float[] targets, float[] x, float[] slopes, float[] offsets) {
    for (int i = 0; i < targets.length; i++) {
      targets[i] += slopes[i] * x[i] + offsets[i];
    }
  }
}
