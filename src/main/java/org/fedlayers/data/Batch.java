package org.fedlayers.data;

/**
 * A reusable buffer of normalised images and their labels, filled by {@link BatchMaker}. Only the
 * first {@link #size()} images are valid; a last, smaller batch leaves the rest unchanged.
 */
public final class Batch {
  private final float[] pixels;
  private final int[] labels;
  private int size;

  /**
   * @param capacity the most images it will hold
   * @param imageSize numbers of one image: channels x height x width
   */
  public Batch(int capacity, int imageSize) {
    pixels = new float[Math.multiplyExact(capacity, imageSize)];
    labels = new int[capacity];
  }

  /** Normalised values, (N, C, H, W) in row-major order. */
  public float[] pixels() {
    return pixels;
  }

  /** The class of each image. */
  public int[] labels() {
    return labels;
  }

  /** The number of valid images. */
  public int size() {
    return size;
  }

  public int capacity() {
    return labels.length;
  }

  /** Sets the number of valid images. */
  public void resize(int images) {
    if (images < 0 || images > capacity()) {
      throw new IllegalArgumentException(
          "%d images do not fit a batch of %d".formatted(images, capacity()));
    }
    size = images;
  }
}
