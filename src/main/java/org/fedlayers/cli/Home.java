package org.fedlayers.cli;

import java.nio.file.Path;

/** The checkout that the launcher belongs to, or the current folder. */
final class Home {
  private Home() {}

  static Path resolve(String inside) {
    return Path.of(System.getProperty("fedlayers.home", "")).resolve(inside);
  }
}
