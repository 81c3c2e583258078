package org.fedlayers.nn.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Working memory for the Java steps of a plan: rows that each hold one pixel, in one block of
 * channels, of some images. All steps use the same rows, whose content is undefined between steps.
 */
final class PixelRows {
  /**
   * So that a dozen rows, as many as a transform reads and writes, stay in the nearest cache; a
   * power of 2, so that vector instructions leave nothing over.
   */
  private static final int LONGEST = 512;

  final int batch;

  /** Channels in a block. */
  final int block;

  /** Images of the batch side by side in a row, as many as fit. */
  final int images;

  private final List<float[]> rows = new ArrayList<>();

  PixelRows(int batch, int block) {
    this.batch = batch;
    this.block = block;
    images = Math.min(batch, LONGEST / block);
  }

  /** Values in a row. */
  int length() {
    return images * block;
  }

  /** As many rows, from the given one on. */
  float[][] range(int first, int count) {
    while (rows.size() < first + count) {
      rows.add(new float[length()]);
    }
    return rows.subList(first, first + count).toArray(float[][]::new);
  }
}
