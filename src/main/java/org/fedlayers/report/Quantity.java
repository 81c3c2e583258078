package org.fedlayers.report;

import java.util.Map;

/**
 * A column as an axis shows it.
 *
 * @param title with the unit
 * @param factor from the file's unit to the axis's
 */
record Quantity(String title, double factor) {
  private static final double PERCENT = 100;
  private static final Map<String, Quantity> KNOWN =
      Map.ofEntries(
          Map.entry("accuracy", new Quantity("Test accuracy (%)", PERCENT)),
          Map.entry("last", new Quantity("Test accuracy (%)", PERCENT)),
          Map.entry("last10", new Quantity("Test accuracy (%)", PERCENT)),
          Map.entry("best", new Quantity("Test accuracy (%)", PERCENT)),
          Map.entry("loss", new Quantity("Test loss (nats)", 1)),
          Map.entry("train_loss", new Quantity("Training loss (nats)", 1)),
          Map.entry("round", new Quantity("Communication round", 1)),
          Map.entry("steps", new Quantity("Sequential steps", 1)),
          Map.entry("training.steps", new Quantity("Local steps a round", 1)),
          Map.entry("training.epochs", new Quantity("Local epochs a round", 1)),
          Map.entry("training.rate", new Quantity("Learning rate", 1)),
          Map.entry("training.man", new Quantity("MAN coefficient", 1)),
          Map.entry("model.width", new Quantity("Width multiplier", 1)),
          Map.entry("model.name", new Quantity("Model", 1)),
          Map.entry("model.normaliser", new Quantity("Normaliser", 1)),
          Map.entry("method.name", new Quantity("Method", 1)),
          Map.entry("depth", new Quantity("Depth (weight layers)", 1)),
          Map.entry("receptive_field", new Quantity("Receptive field (pixels)", 1)),
          Map.entry("method", new Quantity("Method", 1)),
          Map.entry("partition", new Quantity("Partition", 1)),
          Map.entry("model.kernel", new Quantity("Kernel size (pixels)", 1)),
          Map.entry("model.skips", new Quantity("Skip connections", 1)),
          Map.entry("model.dilation", new Quantity("Dilation", 1)),
          Map.entry(
              "statistics.switch", new Quantity("Statistics frozen after (share of rounds)", 1)),
          Map.entry("statistics.averaging", new Quantity("Averaging of variances", 1)),
          Map.entry("training.buffers", new Quantity("Momentum between rounds", 1)),
          Map.entry("training.weight-decay", new Quantity("Weight decay", 1)),
          Map.entry("arm", new Quantity("Training", 1)),
          Map.entry("partition.name", new Quantity("Partition", 1)),
          Map.entry("data.set", new Quantity("Data", 1)),
          Map.entry("alpha", new Quantity("Step along direction 1", 1)),
          Map.entry("beta", new Quantity("Step along direction 2", 1)),
          Map.entry("client", new Quantity("Client", 1)),
          Map.entry("class", new Quantity("Class", 1)),
          Map.entry("layer", new Quantity("Layer (input to output)", 1)),
          Map.entry("images", new Quantity("Images", 1)),
          Map.entry("absolute", new Quantity("Mean distance to the average (weight units)", 1)),
          Map.entry("relative", new Quantity("Distance to the average / its norm", 1)),
          Map.entry("update", new Quantity("Spread of updates / their size", 1)),
          Map.entry("cosine", new Quantity("1 - cosine between updates", 1)),
          Map.entry("per_weight", new Quantity("Distance / sqrt(number of weights)", 1)));

  /**
   * @param largest the largest value to be shown, which chooses between thousands and millions
   */
  static Quantity of(String column, double largest) {
    return switch (column) {
      case "samples" -> counted("Images processed", largest);
      case "weights" -> counted("Weights", largest);
      default -> KNOWN.getOrDefault(column, new Quantity(column.replace('_', ' '), 1));
    };
  }

  /** Of a difference between two values of the column. */
  Quantity difference() {
    return factor == PERCENT
        ? new Quantity("Difference in test accuracy (points)", PERCENT)
        : new Quantity("Difference: " + title, factor);
  }

  Quantity titled(String other) {
    return other == null ? this : new Quantity(other, factor);
  }

  private static Quantity counted(String what, double largest) {
    if (largest >= 1e6) {
      return new Quantity(what + " (million)", 1e-6);
    }
    return largest >= 1e4 ? new Quantity(what + " (thousand)", 1e-3) : new Quantity(what, 1);
  }
}
