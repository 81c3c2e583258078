package org.fedlayers.data;

import java.nio.file.Path;
import java.util.Map;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The image sets by name. */
public final class DataSets {
  private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);

  private static final String ABSENT = "not installed";

  /** Every image set, those of this library first. */
  public static final Registry<ImageSet> ALL =
      new Registry<ImageSet>("image set")
          .with(
              "drawn",
              "drawn by this library, nothing to download",
              "ten kinds of shapes, 5,000 and 1,000 images of 32 x 32",
              DrawnShapes::new)
          .with(
              "cifar-10",
              "Krizhevsky 2009, Learning multiple layers of features from tiny images",
              "ten kinds of things, 50,000 and 10,000 photographs of 32 x 32",
              () ->
                  new Installation(
                      CifarBinary.CIFAR_10,
                      new Download(
                          "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                          170_052_171,
                          "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")))
          .with(
              "cifar-100",
              "Krizhevsky 2009, Learning multiple layers of features from tiny images",
              "a hundred kinds of things, 50,000 and 10,000 photographs of 32 x 32",
              () ->
                  new Installation(
                      CifarBinary.CIFAR_100,
                      new Download(
                          "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                          168_513_733,
                          "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")))
          .with(
              TinyImageNet.NAME,
              "Le and Yang 2015, Tiny ImageNet visual recognition challenge",
              "two hundred kinds of things, 100,000 and 10,000 photographs of 64 x 64",
              () ->
                  new Installation(
                      TinyImageNet.OFFICIAL,
                      new Download(
                          "http://cs231n.stanford.edu/tiny-imagenet-200.zip",
                          248_100_043,
                          "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821")));

  private DataSets() {}

  /** Makes a record available by name, see {@link Registry#register}. */
  public static <S extends Record & ImageSet> void register(
      String name, String source, Class<S> type) {
    ALL.register(name, source, type.getSimpleName(), type);
  }

  /** Makes a set of your own available by its name. */
  public static void register(DataSet set) {
    ALL.register(set.name(), "", set.note(), set);
  }

  /**
   * What a set holds.
   *
   * @throws UserError if there is no such set
   */
  public static ImageSet.Facts facts(String name) {
    return ALL.make(name, Map.of()).facts();
  }

  /** Where a set lies, in words; its files are not looked into. */
  public static String place(String name, Path home) {
    if (!(ALL.make(name, Map.of()) instanceof Installation set)) {
      return "in the library";
    }
    try {
      return set.layout().locate(home).toString();
    } catch (UserError absent) {
      return ABSENT;
    }
  }

  /** Whether a set lies there, or needs no place; its files are not looked into. */
  public static boolean isIn(String name, Path home) {
    return !place(name, home).equals(ABSENT);
  }

  /**
   * Loads a set and verifies all of it.
   *
   * @param home the data directory, see {@link DataHome}; {@code "drawn"} does not look at it
   * @throws UserError if there is no such set, or it is missing, incomplete or damaged; then the
   *     message ends with the command that repairs it
   */
  public static DataSet load(String name, Path home) {
    ImageSet set = ALL.make(name, Map.of());
    DataSet loaded = set.load(home);
    ImageSet.Facts found = loaded.facts();
    // Tiny-ImageNet may be there in part.
    if (!ALL.isBuiltIn(name) && !found.equals(set.facts())) {
      throw new UserError(
          "image set %s says that it has %s, but it has %s".formatted(name, set.facts(), found));
    }
    return loaded;
  }

  /**
   * Makes sure that a set is in the data directory: does nothing if it is there and complete, else
   * downloads it, resuming an earlier attempt.
   *
   * @param home the data directory, made if need be
   * @param from an archive or a folder of the user's to take the set from, or null
   * @return the verified set
   * @throws UserError if this fails; the directory is then as before
   */
  public static DataSet install(String name, Path home, Path from, Progress progress) {
    if (!(ALL.make(name, Map.of()) instanceof Installation set)) {
      return load(name, home);
    }
    if (from == null) {
      try {
        return set.layout().load(home);
      } catch (UserError absentOrDamaged) {
        LOG.info("{}", absentOrDamaged.getMessage());
      }
    }
    return set.into(home, from, progress);
  }
}
