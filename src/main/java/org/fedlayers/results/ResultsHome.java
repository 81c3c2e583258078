package org.fedlayers.results;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;

/**
 * Where the checked-in results are, from wherever a process was started: the launcher and Jupyter
 * say which checkout they belong to; a notebook under another Java kernel looks upwards from its
 * own folder.
 */
public final class ResultsHome {
  /** What every checkout has, and hardly anything else. */
  private static final Path LAUNCHER = Path.of("environment", "fedlayers");

  private ResultsHome() {}

  /**
   * The folder of one experiment at one scale.
   *
   * @param path such as {@code laptop/divergence/depth}
   * @throws UserError if the process runs outside a checkout
   */
  public static Path of(String path) {
    return Stream.of(System.getProperty("fedlayers.home"), System.getenv("FEDLAYERS_HOME"))
        .filter(home -> home != null && !home.isBlank())
        .map(Path::of)
        .findFirst()
        .orElseGet(() -> above(Path.of("").toAbsolutePath()))
        .resolve("results")
        .resolve(path);
  }

  static Path above(Path start) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(LAUNCHER))) {
        return folder;
      }
    }
    throw new UserError(
        "there is no checkout of fedlayers around "
            + start
            + ": start Jupyter there, or set FEDLAYERS_HOME to it");
  }
}
