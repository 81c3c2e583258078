package org.fedlayers.federated;

import org.fedlayers.options.UserError;

/** Ranges of hyper-parameters, each refused in the same words. */
final class Require {
  private Require() {}

  static void positive(String name, double value) {
    require(value > 0 && Double.isFinite(value), name, "above 0", value);
  }

  static void notNegative(String name, double value) {
    require(value >= 0 && Double.isFinite(value), name, "0 or more", value);
  }

  /** [0, 1) */
  static void belowOne(String name, double value) {
    require(value >= 0 && value < 1, name, "at least 0 and below 1", value);
  }

  /** (0, 1] */
  static void share(String name, double value) {
    require(value > 0 && value <= 1, name, "above 0 and at most 1", value);
  }

  /** [0, 1] */
  static void fraction(String name, double value) {
    require(value >= 0 && value <= 1, name, "from 0 to 1", value);
  }

  private static void require(boolean holds, String name, String range, double value) {
    if (!holds) {
      throw new UserError("%s must be %s, not %s".formatted(name, range, value));
    }
  }
}
