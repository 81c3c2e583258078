package org.fedlayers.data;

/**
 * A reusable mini-batch of normalised images.
 *
 * <p>{@code pixels} holds {@code capacity} images of channels x height x width in row-major order
 * (NCHW); only the first {@code size} are meant.
 */
public final class Batch {
  public final float[] pixels;
  public final int[] labels;

  /** How many images are valid, from the start; at most {@link #capacity()}. */
  public int size;

  public Batch(int capacity, int valuesPerImage) {
    pixels = new float[capacity * valuesPerImage];
    labels = new int[capacity];
  }

  public int capacity() {
    return labels.length;
  }
}
