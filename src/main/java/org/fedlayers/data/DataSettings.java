package org.fedlayers.data;

import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

/** The group {@code data} of an experiment's settings: which images, and how they are changed. */
public record DataSettings(
    @Option("the image set") String set,
    @Option(value = "training images used; all if left out", range = "[1, 100000000]")
        Integer train,
    @Option(value = "test images used; all if left out", range = "[1, 100000000]") Integer test,
    @Option(
            "flip with probability 1/2, and for cifar a pad-4 crop as often; for always-crop"
                + " always; for resized-crop always a box of 33 to 100 % of the area, scaled")
        Recipe augmentation,
    @Option("colour beyond the edge of a cropped image: the set's mean, or raw pixels of zero")
        Augmentation.Border border,
    @Option(
            value = "fraction of the training images that takes the place of the test set",
            range = "[0, 1)")
        double holdOut,
    @Option(
            value =
                "s of exp(s z) x + s z', which each client's training images x become, with normal"
                    + " z and z' for each client and channel",
            range = "[0, 5]",
            paper = "Kairouz et al. 2021, arXiv 1912.04977: covariate shift")
        double featureShift) {

  /** An augmentation by its name: flip, padding, crop and resized crop. */
  public enum Recipe {
    NONE(Augmentation.none()),
    /** As in the experiments of "Minimizing Layerwise Activation Norm" (arXiv 2512.08314). */
    CIFAR(new Augmentation(0.5, 4, 0.5, Augmentation.Border.MEAN)),
    /** The usual recipe for centralised CIFAR training. */
    ALWAYS_CROP(new Augmentation(0.5, 4, 1, Augmentation.Border.MEAN)),
    /**
     * As in the code of "Unlocking the Potential of Federated Learning for Deeper Models" (arXiv
     * 2306.02701).
     */
    RESIZED_CROP(new Augmentation(0.5, 0, 0, Augmentation.Border.MEAN, true, null));

    private final Augmentation usual;

    Recipe(Augmentation usual) {
      this.usual = usual;
    }
  }

  public DataSettings {
    boolean raw = border != Augmentation.Border.MEAN;
    OptionError.refuseWithout(
        raw && augmentation == Recipe.NONE, "data.border", "data.augmentation");
    if (raw && augmentation == Recipe.RESIZED_CROP) {
      throw new OptionError("border", "data.border has no effect: resized-crop adds no border");
    }
  }

  public DataSettings() {
    this("drawn", null, null, Recipe.NONE, Augmentation.Border.MEAN, 0, 0);
  }

  /**
   * What is done to training images.
   *
   * @param split for each federated client the indices of its images, also for a central run
   */
  public Augmentation augment(int[][] split, Randomness randomness) {
    var shift = featureShift == 0 ? null : new FeatureShift(split, featureShift, randomness);
    Augmentation usual = augmentation.usual;
    return new Augmentation(
        usual.flip(), usual.padding(), usual.crop(), border, usual.resized(), shift);
  }
}
