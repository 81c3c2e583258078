package org.fedlayers.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.UserError;

/**
 * The file that tells Jupyter how to start this kernel, made from the template {@code
 * environment/kernel.json} of a checkout.
 *
 * @param home the checkout
 */
record KernelSpec(Path home) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The checkout that the launcher started us from. */
  static KernelSpec here() {
    String home = System.getProperty("fedlayers.home");
    if (home == null) {
      throw new UserError(
          "The kernel is installed through the launcher: environment/fedlayers kernel install");
    }
    return new KernelSpec(Path.of(home));
  }

  /**
   * Installs the kernel for the user, or brings our own older entry up to date; a Java kernel of
   * someone else's is left alone.
   *
   * @return what was done, in a sentence
   * @throws UserError if the folder cannot be written, or can be written by everybody
   */
  String install(Map<String, String> environment) {
    Path user = userFolder(environment);
    for (Path folder : folders(user, environment)) {
      if (Files.exists(folder.resolve("kernel.json")) && !isOurs(folder)) {
        return "Jupyter already has a kernel 'java', which stays as it is: " + folder;
      }
    }
    try {
      write(user.resolve("kernels/java"));
    } catch (IOException e) {
      throw new UserError("The kernel cannot be installed: " + e, e);
    }
    return "Jupyter's kernel 'java' is installed: " + user.resolve("kernels/java");
  }

  private static boolean isOurs(Path folder) {
    try {
      return JSON.readTree(folder.resolve("kernel.json").toFile())
          .at("/metadata/fedlayers")
          .asBoolean();
    } catch (IOException e) {
      return false; // whoever wrote it should look at it
    }
  }

  private void write(Path folder) throws IOException {
    ObjectNode spec = (ObjectNode) JSON.readTree(home.resolve("environment/kernel.json").toFile());
    ((ArrayNode) spec.get("argv")).set(0, home.resolve("environment/fedlayers").toString());
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    if (Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new UserError(
          folder + " can be written by everybody, who could have you run anything: chmod o-w it");
    }
    Path aside = Files.createTempFile(folder, "kernel", ".part"); // readable by its owner only
    JSON.writerWithDefaultPrettyPrinter().writeValue(aside.toFile(), spec);
    Files.move(aside, folder.resolve("kernel.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path userFolder(Map<String, String> environment) {
    String own = environment.getOrDefault("JUPYTER_DATA_DIR", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    Path home = Path.of(System.getProperty("user.home"));
    if (System.getProperty("os.name").startsWith("Mac")) {
      return home.resolve("Library/Jupyter");
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    return (data.isEmpty() ? home.resolve(".local/share") : Path.of(data)).resolve("jupyter");
  }

  /** Where Jupyter looks for a kernel 'java', in its order. */
  private static List<Path> folders(Path user, Map<String, String> environment) {
    List<String> roots =
        new ArrayList<>(
            List.of(environment.getOrDefault("JUPYTER_PATH", "").split(File.pathSeparator)));
    roots.add(user.toString());
    for (String prefix : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      roots.add(environment.containsKey(prefix) ? environment.get(prefix) + "/share/jupyter" : "");
    }
    roots.addAll(List.of("/usr/local/share/jupyter", "/usr/share/jupyter"));
    return roots.stream()
        .filter(root -> !root.isBlank())
        .map(root -> Path.of(root, "kernels", "java"))
        .toList();
  }
}
