package org.fedlayers.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The image sets by name. */
public final class DataSets {
  private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);
  private static final List<String> NAMES =
      List.of("drawn", "cifar-10", "cifar-100", "tiny-imagenet-200");
  private static final int DRAWN_TRAIN = 5_000;
  private static final int DRAWN_TEST = 1_000;

  private static final List<Installation> INSTALLATIONS =
      List.of(
          new Installation(
              "cifar-10",
              CifarBinary.CIFAR_10.folder(),
              new Download(
                  URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                  "c32a1d4ab5d03f1284b67883e8d87530"),
              CifarBinary.CIFAR_10::load),
          new Installation(
              "cifar-100",
              CifarBinary.CIFAR_100.folder(),
              new Download(
                  URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
                  "03b5dce01913d631647c71ecec9e9cb8"),
              CifarBinary.CIFAR_100::load),
          new Installation(
              TinyImageNet.NAME,
              TinyImageNet.NAME,
              new Download(
                  URI.create("http://cs231n.stanford.edu/tiny-imagenet-200.zip"),
                  "90528d7ca1a48142e341f4ef8d21d0de"),
              TinyImageNet.OFFICIAL::load));

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

  /**
   * Makes sure that a set is in the data directory: does nothing if it is there and whole, else
   * fetches it from its home on the network, resuming what an earlier attempt left.
   *
   * @param home the data directory, made if need be
   * @param from an archive or a folder of the user's to take the set from, or null
   * @return the verified set
   * @throws UserError if it cannot be had; what was in the directory before is still there
   */
  public static DataSet install(String name, Path home, Path from, Progress progress) {
    Installation installation =
        INSTALLATIONS.stream().filter(i -> i.name().equals(name)).findFirst().orElse(null);
    if (installation == null) {
      return load(name, home);
    }
    if (from == null) {
      try {
        return load(name, home);
      } catch (UserError absentOrDamaged) {
        LOG.info("{}", absentOrDamaged.getMessage().lines().findFirst().orElse(name));
      }
    }
    return installation.into(home, from, progress);
  }

  /** A refusal that names the set, what is wrong with it, and the command that mends it. */
  static UserError refuse(String name, String what) {
    return new UserError(
        "%s %s.%nMend it with: environment/fedlayers data %s".formatted(name, what, name));
  }
}
