package org.fedlayers.data;

/**
 * Labelled images of one shape. Pixels stay bytes until a batch is made.
 *
 * @param channels colour planes of an image
 * @param height rows of a plane
 * @param width columns of a plane
 * @param classes number of classes; labels lie in 0..classes-1
 * @param pixels unsigned bytes, image by image, plane by plane, row by row (N, C, H, W)
 * @param labels one for each image
 */
public record Images(
    int channels, int height, int width, int classes, byte[] pixels, int[] labels) {

  public Images {
    if (channels < 1 || height < 1 || width < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "images of %d x %d x %d in %d classes".formatted(channels, height, width, classes));
    }
    if (pixels.length != (long) labels.length * channels * height * width) {
      throw new IllegalArgumentException(
          "%d labels but %d bytes of %d x %d x %d images"
              .formatted(labels.length, pixels.length, channels, height, width));
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "label %d is not in 0..%d".formatted(label, classes - 1));
      }
    }
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /** Bytes of one image: channels x height x width. */
  public int imageSize() {
    return channels * height * width;
  }

  /** The images at these indices, in their order, copied. */
  public Images select(int[] indices) {
    int each = imageSize();
    byte[] chosen = new byte[Math.multiplyExact(indices.length, each)];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(pixels, indices[i] * each, chosen, i * each, each);
      chosenLabels[i] = labels[indices[i]];
    }
    return new Images(channels, height, width, classes, chosen, chosenLabels);
  }

  @Override
  public String toString() {
    return "%d images of %d x %d x %d in %d classes"
        .formatted(size(), channels, height, width, classes);
  }
}
