package org.fedlayers.report;

import java.util.Map;
import org.fedlayers.results.Words;

/**
 * A column as an axis shows it.
 *
 * @param title with the unit
 * @param factor from the file's unit to the axis's
 */
record Quantity(String title, double factor) {
  private static final double PERCENT = 100;
  private static final Map<String, String> TITLES = Words.of("quantities");

  /**
   * @param largest the largest value to be shown, which chooses between thousands and millions
   */
  static Quantity of(String column, double largest) {
    return switch (column) {
      case "samples" -> counted("Images processed", largest);
      case "weights" -> counted("Weights", largest);
      default -> {
        String title = TITLES.getOrDefault(column, column.replace('_', ' '));
        yield new Quantity(title, title.endsWith("(%)") ? PERCENT : 1);
      }
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
