package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.options.UserError;
import org.slf4j.LoggerFactory;

/**
 * Remembers the digests of what was first installed, in the folder of the set: where nobody
 * published any, damage that comes later is noticed all the same.
 */
final class InstalledDigests {
  private InstalledDigests() {}

  /**
   * Compares digests with those of the first time; this is the first time if none are there.
   *
   * @param found SHA-256 and name of each part of the set
   * @throws UserError if a part is another than it was
   */
  static void compareOrRemember(Layout set, Path directory, List<String> found) {
    Path file = directory.resolve("installed.sha256");
    if (Files.exists(file)) {
      List<String> first = set.lines(file);
      for (String line : found) {
        if (!first.contains(line)) {
          throw set.refuse(
              "is damaged: in %s these are not the files first installed: %s (if you changed them on purpose, delete %s)",
              directory, line, file);
        }
      }
      return;
    }
    try {
      AtomicFile.write(file, String.join("\n", found) + "\n");
    } catch (IOException e) {
      LoggerFactory.getLogger(InstalledDigests.class)
          .warn("later damage will go unnoticed: {} cannot be written ({})", file, e.toString());
    }
  }
}
