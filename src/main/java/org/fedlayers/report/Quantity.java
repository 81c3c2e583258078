package org.fedlayers.report;

import java.util.Locale;
import java.util.Map;
import org.fedlayers.results.Names;

/**
 * A column as an axis shows it.
 *
 * @param title with the unit
 * @param factor from the file's unit to the axis's
 */
record Quantity(String title, double factor) {
  private static final double PERCENT = 100;
  private static final Map<String, String> TITLES = Names.words("quantities");
  private static final Map<String, String> COUNTED =
      Map.of("samples", "Images processed", "weights", "Weights");

  /**
   * @param largest the largest value to be shown, which chooses between thousands and millions
   */
  static Quantity of(String column, double largest) {
    String counted = COUNTED.get(column);
    if (counted != null) {
      return largest >= 1e6
          ? new Quantity(counted + " (million)", 1e-6)
          : largest >= 1e4 ? new Quantity(counted + " (thousand)", 1e-3) : new Quantity(counted, 1);
    }
    String title = TITLES.getOrDefault(column, column.replace('_', ' '));
    return new Quantity(title, title.endsWith("(%)") ? PERCENT : 1);
  }

  /** A difference between two values of the column. */
  Quantity difference() {
    return factor == PERCENT
        ? new Quantity("Difference in " + lower().replace("(%)", "(points)"), PERCENT)
        : new Quantity("Difference: " + title, factor);
  }

  /** The fraction of a value of the column that another saves. */
  Quantity saved() {
    return new Quantity("Reduction of " + lower() + " (%)", PERCENT);
  }

  private String lower() {
    return title.toLowerCase(Locale.ROOT);
  }

  /** The quantity with another title, unless that is empty. */
  Quantity titled(String other) {
    return other.isEmpty() ? this : new Quantity(other, factor);
  }
}
