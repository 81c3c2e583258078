package org.fedlayers.data;

import org.fedlayers.options.UserError;

/**
 * Random changes to training images: a horizontal flip, and a crop of the original size at a random
 * place of the image with a border around it.
 *
 * @param flip probability of a flip, 0..1
 * @param padding pixels added on each side before a crop, at least 0
 * @param crop probability of a crop, 0..1
 * @param border what colour those pixels have
 */
public record Augmentation(double flip, int padding, double crop, Border border) {

  /** The colour of pixels beyond the image. */
  public enum Border {
    /** The mean of each channel: images are padded with zeros after they were normalised. */
    MEAN,
    /** Black: raw images are padded with zeros, as the usual torchvision recipes do. */
    BLACK
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

  /** The same with a border of another colour. */
  public Augmentation withBorder(Border other) {
    return new Augmentation(flip, padding, crop, other);
  }

  boolean changesNothing() {
    return flip == 0 && crop == 0;
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new UserError(
          "augmentation: the probability of a %s is %s, expected 0..1".formatted(name, value));
    }
  }
}
