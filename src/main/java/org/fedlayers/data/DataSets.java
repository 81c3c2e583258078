package org.fedlayers.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The image sets by name. */
public final class DataSets {
  private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);
  private static final String DRAWN = "drawn";
  private static final int DRAWN_TRAIN = 5_000;
  private static final int DRAWN_TEST = 1_000;

  private static final List<Installation> INSTALLATIONS =
      List.of(
          new Installation(
              CifarBinary.CIFAR_10,
              new Download(
                  URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                  170_052_171,
                  "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
          new Installation(
              CifarBinary.CIFAR_100,
              new Download(
                  URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
                  168_513_733,
                  "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")),
          new Installation(
              TinyImageNet.OFFICIAL,
              new Download(
                  URI.create("http://cs231n.stanford.edu/tiny-imagenet-200.zip"),
                  248_100_043,
                  "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821")));

  private DataSets() {}

  /** Every set that {@link #load} knows. */
  public static List<String> names() {
    return Stream.concat(Stream.of(DRAWN), INSTALLATIONS.stream().map(i -> i.layout().name()))
        .toList();
  }

  /**
   * Loads a set and verifies all of it.
   *
   * @param home the data directory, see {@link DataHome}; {@code "drawn"} does not look at it
   * @throws UserError if there is no such set, or it is missing, incomplete or damaged; then the
   *     message ends with the command that mends it
   */
  public static DataSet load(String name, Path home) {
    if (name.equals(DRAWN)) {
      return Drawn.load(DRAWN_TRAIN, DRAWN_TEST);
    }
    Layout layout = installation(name).layout();
    try {
      return layout.load(home);
    } catch (UserError e) {
      throw new UserError("%s%nMend it with: %s".formatted(e.getMessage(), mend(name, home)), e);
    }
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
    if (name.equals(DRAWN)) {
      return load(name, home);
    }
    Installation installation = installation(name);
    if (from == null) {
      try {
        return installation.layout().load(home);
      } catch (UserError absentOrDamaged) {
        LOG.info("{}", absentOrDamaged.getMessage());
      }
    }
    return installation.into(home, from, progress);
  }

  private static Installation installation(String name) {
    return INSTALLATIONS.stream()
        .filter(installation -> installation.layout().name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no image set '%s'; there are %s".formatted(name, String.join(", ", names()))));
  }

  /** The command that brings a set into a data directory, as it is typed in this directory. */
  private static String mend(String name, Path home) {
    Path launcher = Path.of(System.getProperty("fedlayers.home", "")).toAbsolutePath();
    launcher = Path.of("").toAbsolutePath().relativize(launcher.resolve("environment/fedlayers"));
    String command = "%s data %s".formatted(quoted(launcher), name);
    return home.equals(DataHome.resolve(null)) ? command : command + " --data " + quoted(home);
  }

  /** A path as a POSIX shell takes it. */
  private static String quoted(Path path) {
    String plain = path.toString();
    return plain.matches("[\\w./+@,-]+") ? plain : "'" + plain.replace("'", "'\\''") + "'";
  }
}
