package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the digests of what was first installed, in the folder of the set: where nobody
 * published any, damage that comes later is noticed all the same.
 */
final class InstalledDigests {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledDigests.class);
  private static final String FILE = "installed.sha256";

  private InstalledDigests() {}

  /**
   * Compares digests with those of the first time; this is the first time if none are there.
   *
   * @param found SHA-256 by part of the set
   * @throws UserError if a part is another than it was
   */
  static void compareOrRemember(Layout set, Path directory, Map<String, String> found) {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      Map<String, String> first = Fingerprint.listed(set.lines(file).stream());
      found.forEach(
          (part, sha256) -> {
            if (!sha256.equals(first.get(part))) {
              throw set.refuse(
                  "is damaged: images of %s are not those first installed (SHA-256 of all %s, in %s %s); if you changed them on purpose, delete %s",
                  directory.resolve(part), sha256, FILE, first.get(part), file);
            }
          });
      return;
    }
    try {
      AtomicFile.write(
          file,
          found.entrySet().stream()
              .map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
              .collect(Collectors.joining()));
    } catch (IOException e) {
      LOG.warn("later damage will go unnoticed: {} cannot be written ({})", file, e.toString());
    }
  }
}
