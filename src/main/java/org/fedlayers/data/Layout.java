package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.options.Printable;
import org.fedlayers.options.UserError;

/**
 * An image set in files, read from its official folder in the data directory or from that itself.
 */
interface Layout extends ImageSet {
  String name();

  /** The official name of the set's folder. */
  default String folder() {
    return name();
  }

  /** Files of which any one shows that a folder holds this set, complete or not. */
  List<String> marks();

  /** Every file that {@link #load} reads. */
  List<Path> files(Path directory);

  default boolean isIn(Path directory) {
    return marks().stream().anyMatch(mark -> Files.exists(directory.resolve(mark)));
  }

  /** The folder that holds the files: the official one in {@code home}, else {@code home}. */
  default Path locate(Path home) {
    Path official = home.resolve(folder());
    if (isIn(official) || isIn(home)) {
      return isIn(official) ? official : home;
    }
    for (Path folder : List.of(home, official)) {
      if (Files.isDirectory(folder) && !(Files.isReadable(folder) && Files.isExecutable(folder))) {
        throw refuse("cannot be read: %s is not open to you", folder);
      }
    }
    String mark = marks().get(0);
    throw refuse("is not in %s: neither %s nor %s/%s is there", home, mark, folder(), mark);
  }

  /** The lines of a small text file of the set, which holds no control characters. */
  default List<String> lines(Path file) {
    try {
      // The longest list is Tiny-ImageNet's words with 2.7 MB.
      if (Files.size(requireFile(file)) > 16 << 20) {
        throw refuse("is damaged: %s has %,d bytes", file, Files.size(file));
      }
      List<String> lines = Files.readAllLines(file);
      for (String line : lines) {
        if (Printable.hides(line)) {
          throw refuse("is damaged: %s has control characters: '%s'", file, line);
        }
      }
      return lines;
    } catch (IOException e) {
      throw refuse("cannot be read: %s: %s", file, e);
    }
  }

  /** The same file, if it is one. */
  default Path requireFile(Path file) {
    if (Files.isRegularFile(file)) {
      return file;
    }
    throw refuse("is incomplete: %s is %s", file, Files.exists(file) ? "no plain file" : "missing");
  }

  /** A refusal that names the set and what is wrong with it. */
  default UserError refuse(String what, Object... arguments) {
    Object[] shown =
        Stream.of(arguments).map(a -> a instanceof Path ? Printable.of(a.toString()) : a).toArray();
    return new UserError("%s %s.".formatted(name(), what.formatted(shown)));
  }
}
