package org.fedlayers.cli;

import java.nio.file.Path;
import org.fedlayers.report.MarkedBlock;

/** The checkout that the launcher belongs to, or the current folder. */
final class Home {
  private Home() {}

  static Path resolve(String inside) {
    return Path.of(System.getProperty("fedlayers.home", "")).resolve(inside);
  }

  /** As a user in the current folder would type it, where that is shorter. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(here) && !absolute.equals(here)
        ? here.relativize(absolute).toString()
        : path.toString();
  }

  /** Puts a table into the README, if that has a place for it. */
  static void show(String table, String content) {
    Path page = resolve("README.md");
    if (MarkedBlock.in(page, table)) {
      MarkedBlock.replace(page, table, content);
    }
  }
}
