package org.fedlayers.data;

/**
 * Takes a random box of an image and scales it back to the image's size, as torchvision's
 * RandomResizedCrop: the box has a uniform 33 to 100 % of the image's area and a ratio of width to
 * height from 3/4 to 4/3, uniform in its logarithm. One that does not fit is drawn again; after ten
 * of them the whole image is taken. Scaling is bilinear over the centres of the box's pixels, of
 * which the outermost go on beyond it. Values are not rounded to bytes in between.
 *
 * @param normalised value of each byte of each channel, as {@link BatchMaker} has them
 * @param tables where those of each image begin
 */
record ResizedCrop(Images images, float[] normalised, int[] tables) {
  private static final double SMALLEST = 0.33;
  private static final double WIDEST = StrictMath.log(4 / 3.0);
  private static final int TRIES = 10;

  /** Random numbers of one image: flip, place, and an area and a ratio for each try. */
  static final int DRAWS = 3 + 2 * TRIES;

  /** Writes an image's box to {@code out} from {@code at} on; {@code draw} was the flip. */
  void copy(int image, float[] out, int at, boolean flip, long key, long draw) {
    int height = images.height();
    int width = images.width();
    int boxHeight = height;
    int boxWidth = width;
    for (long next = draw + 3; next < draw + DRAWS; next += 2) {
      double fraction = SMALLEST + (1 - SMALLEST) * Randomness.unit(key, next);
      double area = fraction * height * width;
      double ratio = StrictMath.exp(WIDEST * (2 * Randomness.unit(key, next + 1) - 1));
      int high = (int) Math.round(Math.sqrt(area / ratio));
      int wide = (int) Math.round(Math.sqrt(area * ratio));
      if (Math.min(high, wide) >= 1 && high <= height && wide <= width) {
        boxHeight = high;
        boxWidth = wide;
        break;
      }
    }
    int top = Randomness.below(height - boxHeight + 1, key, draw + 1);
    int left = Randomness.below(width - boxWidth + 1, key, draw + 2);
    for (int y = 0; y < height; y++) {
      double row = source(y, boxHeight, height);
      int upper = (top + (int) row) * width + left;
      int lower = row < boxHeight - 1 ? upper + width : upper;
      float down = (float) (row - (int) row);
      for (int x = 0; x < width; x++) {
        double column = source(x, boxWidth, width);
        int first = (int) column;
        int second = first < boxWidth - 1 ? first + 1 : first;
        float right = (float) (column - first);
        int to = at + y * width + (flip ? width - 1 - x : x);
        int plane = image * images.imageSize();
        for (int channel = 0; channel < images.channels(); channel++) {
          int values = tables[image] + (channel << 8);
          float above = between(values, plane + upper, first, second, right);
          float below = between(values, plane + lower, first, second, right);
          out[to] = above + down * (below - above);
          to += height * width;
          plane += height * width;
        }
      }
    }
  }

  /** Where the centre of a scaled pixel lies between the centres of the box's pixels. */
  private static double source(int pixel, int box, int size) {
    return Math.min(box - 1.0, Math.max(0, (pixel + 0.5) * box / size - 0.5));
  }

  private float between(int values, int row, int first, int second, float right) {
    byte[] pixels = images.pixels();
    float left = normalised[values + (pixels[row + first] & 255)];
    return left + right * (normalised[values + (pixels[row + second] & 255)] - left);
  }
}
