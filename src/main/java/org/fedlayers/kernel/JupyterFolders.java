package org.fedlayers.kernel;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where Jupyter looks for kernels.
 *
 * @param user the user's own folder, where kernels are installed
 * @param all every folder it reads, in its order
 */
record JupyterFolders(Path user, List<Path> all) {
  static JupyterFolders of(Map<String, String> environment) {
    Path user = user(environment);
    List<Path> all = new ArrayList<>();
    for (String entry : environment.getOrDefault("JUPYTER_PATH", "").split(File.pathSeparator)) {
      if (!entry.isBlank()) {
        all.add(Path.of(entry));
      }
    }
    all.add(user);
    for (String prefix : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      if (environment.containsKey(prefix)) {
        all.add(Path.of(environment.get(prefix), "share", "jupyter"));
      }
    }
    all.add(Path.of("/usr/local/share/jupyter"));
    all.add(Path.of("/usr/share/jupyter"));
    return new JupyterFolders(user, List.copyOf(all));
  }

  private static Path user(Map<String, String> environment) {
    if (environment.containsKey("JUPYTER_DATA_DIR")) {
      return Path.of(environment.get("JUPYTER_DATA_DIR"));
    }
    if (environment.containsKey("APPDATA")) {
      return Path.of(environment.get("APPDATA"), "jupyter");
    }
    Path home = Path.of(System.getProperty("user.home"));
    if (System.getProperty("os.name").startsWith("Mac")) {
      return home.resolve("Library/Jupyter");
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    return (data.isEmpty() ? home.resolve(".local/share") : Path.of(data)).resolve("jupyter");
  }
}
