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
 * @param border what colour those pixels have
 * @param resized whether every image is cropped to a box of random size, in place of the crop above
 * @param shift what is done to each client's images before all this; null for nothing
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
    requireProbability("flip", flip);
    requireProbability("crop", crop);
    if (padding < 0 || (padding == 0 && crop > 0)) {
      throw new UserError(
          "augmentation: padding is %d, but a crop needs at least 1 pixel".formatted(padding));
    }
  }

  /** Images as they are. */
  public static Augmentation none() {
    return new Augmentation(0, 0, 0, Border.MEAN);
  }

  /**
   * As in the experiments of "Minimizing Layerwise Activation Norm" (arXiv 2512.08314): flip with
   * probability 1/2, padding 4 and a crop with probability 1/2.
   */
  public static Augmentation cifar() {
    return new Augmentation(0.5, 4, 0.5, Border.MEAN);
  }

  /** The usual recipe for centralised CIFAR training: flip with probability 1/2, always crop. */
  public static Augmentation alwaysCrop() {
    return new Augmentation(0.5, 4, 1, Border.MEAN);
  }

  /**
   * As in the code of "Unlocking the Potential of Federated Learning for Deeper Models" (arXiv
   * 2306.02701): flip with probability 1/2, and always a box of 33 to 100 % of the image's area.
   */
  public static Augmentation resizedCrop() {
    return new Augmentation(0.5, 0, 0, Border.MEAN, true, null);
  }

  /** The same with a border of another colour. */
  public Augmentation withBorder(Border other) {
    return new Augmentation(flip, padding, crop, other, resized, shift);
  }

  /** The same over images that each client sees in its own way. */
  public Augmentation over(FeatureShift other) {
    return new Augmentation(flip, padding, crop, border, resized, other);
  }

  boolean changesNothing() {
    return flip == 0 && crop == 0 && !resized;
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new UserError(
          "augmentation: the probability of a %s is %s, expected 0..1".formatted(name, value));
    }
  }
}
