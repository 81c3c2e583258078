package org.fedlayers.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where image sets live: an explicit path, else {@code FEDLAYERS_DATA}, else {@code fedlayers} in
 * the user's cache directory as the operating system has it.
 */
public final class DataHome {
  /** The environment variable that names the data directory. */
  public static final String VARIABLE = "FEDLAYERS_DATA";

  private DataHome() {}

  /**
   * The data directory of this process; it need not exist yet.
   *
   * @param explicit the user's choice on the command line, or null
   */
  public static Path resolve(Path explicit) {
    Path user = Path.of(System.getProperty("user.home"));
    return resolve(explicit, System.getenv(), System.getProperty("os.name"), user);
  }

  static Path resolve(Path explicit, Map<String, String> environment, String system, Path user) {
    if (explicit != null) {
      return explicit.toAbsolutePath().normalize();
    }
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isBlank()) {
      return Path.of(named).toAbsolutePath().normalize();
    }
    return cache(environment, system.toLowerCase(Locale.ROOT), user).resolve("fedlayers");
  }

  private static Path cache(Map<String, String> environment, String system, Path user) {
    if (system.startsWith("mac")) {
      return user.resolve("Library").resolve("Caches");
    }
    if (system.startsWith("windows")) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      return local.isBlank() ? user.resolve("AppData").resolve("Local") : Path.of(local);
    }
    // The XDG specification: a relative path is invalid and must be ignored.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return xdg.startsWith("/") ? Path.of(xdg) : user.resolve(".cache");
  }
}
