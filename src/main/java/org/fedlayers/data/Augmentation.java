package org.fedlayers.data;

import org.fedlayers.options.UserError;

/**
 * Random changes to training images: a horizontal flip, and a crop. The crop has the original size
 * and a random place in the image with a border around it; or, if {@code resized}, it is a random
 * box inside the image, scaled back to the original size ({@link ResizedCrop}).
 *
 * @param flip probability of a flip, 0..1
 * @param padding pixels added on each side before a crop, at least 0
 * @param crop probability of a crop, 0..1
 * @param border the colour of those pixels
 * @param resized whether every image is cropped to a box of random size, in place of the crop above
 * @param shift a transformation of each client's images before all others; null for none
 */
public record Augmentation(
    double flip, int padding, double crop, Border border, boolean resized, FeatureShift shift) {

  /** The colour of pixels beyond the image. */
  public enum Border {
    /** The mean of each channel: images are padded with zeros after they were normalised. */
    MEAN,
    /** Black: raw images are padded with zeros, as the usual torchvision recipes do. */
    BLACK
  }

  /** A flip, and a crop of the original size. */
  public Augmentation(double flip, int padding, double crop, Border border) {
    this(flip, padding, crop, border, false, null);
  }

  public Augmentation {
    if (!(flip >= 0 && flip <= 1 && crop >= 0 && crop <= 1)) {
      throw new UserError(
          "augmentation: flip is %s and crop is %s, expected probabilities in 0..1"
              .formatted(flip, crop));
    }
    if (padding < 0 || (padding == 0 && crop > 0)) {
      throw new UserError(
          "augmentation: padding is %d, but a crop needs at least 1 pixel".formatted(padding));
    }
  }

  /** Images as they are. */
  public static Augmentation none() {
    return new Augmentation(0, 0, 0, Border.MEAN);
  }
}
