package org.fedlayers.data;

import java.nio.file.Path;
import java.util.List;

/** The image sets by name. */
public final class DataSets {
  private static final List<String> NAMES =
      List.of("drawn", "cifar-10", "cifar-100", "tiny-imagenet-200");
  private static final int DRAWN_TRAIN = 5_000;
  private static final int DRAWN_TEST = 1_000;

  private DataSets() {}

  /** Every set that {@link #load} knows. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Loads a set and verifies all of it.
   *
   * @param home the data directory, see {@link DataHome}; {@code "drawn"} does not look at it
   * @throws UserError if there is no such set, or it is missing, incomplete or damaged
   */
  public static DataSet load(String name, Path home) {
    return switch (name) {
      case "drawn" -> Drawn.load(DRAWN_TRAIN, DRAWN_TEST);
      case "cifar-10" -> CifarBinary.CIFAR_10.load(home);
      case "cifar-100" -> CifarBinary.CIFAR_100.load(home);
      case "tiny-imagenet-200" -> TinyImageNet.OFFICIAL.load(home);
      default ->
          throw new UserError(
              "no image set '%s'; there are %s".formatted(name, String.join(", ", NAMES)));
    };
  }

  /** A refusal that names the set, what is wrong with it, and the command that mends it. */
  static UserError refuse(String name, String what) {
    return new UserError(
        "%s %s.%nMend it with: environment/fedlayers data %s".formatted(name, what, name));
  }
}
