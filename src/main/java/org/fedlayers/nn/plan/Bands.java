package org.fedlayers.nn.plan;

/**
 * The tiles of an image in bands of whole lines: small enough that what is computed for a band of
 * all images of a batch is still in a near cache when it is read, and large enough that a product
 * of matrices is worth its call.
 *
 * @param count bands
 * @param lines of tiles in a band
 * @param across tiles in a line
 */
record Bands(int count, int lines, int across) {
  /** Rows of a matrix below which its products lose speed. */
  private static final int FEWEST_ROWS = 128;

  /**
   * @param down lines of tiles
   */
  static Bands of(int down, int across, int batch) {
    int lines = 1;
    while (lines < down && (down % lines != 0 || lines * across * batch < FEWEST_ROWS)) {
      lines++;
    }
    return new Bands(down / lines, lines, across);
  }

  /** Tiles of an image in a band. */
  int tiles() {
    return lines * across;
  }
}
