package org.fedlayers.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.fedlayers.data.UserError;

/**
 * The file that tells Jupyter how to start this kernel, made from the template {@code
 * environment/kernel.json} of a checkout.
 *
 * @param home the checkout
 */
record KernelSpec(Path home) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "kernels/java/kernel.json";

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
   */
  String install(JupyterFolders folders) {
    try {
      for (Path folder : folders.all()) {
        Path there = folder.resolve(NAME);
        if (Files.exists(there) && !ours(there)) {
          return "Jupyter already has a kernel 'java', which stays as it is: " + there.getParent();
        }
      }
      Path file = folders.user().resolve(NAME);
      write(file);
      return "Jupyter's kernel 'java' is installed: " + file.getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean ours(Path file) throws IOException {
    JsonNode spec = JSON.readTree(Files.readAllBytes(file));
    return spec.path("metadata").path("fedlayers").asBoolean();
  }

  private void write(Path file) throws IOException {
    ObjectNode spec = (ObjectNode) JSON.readTree(home.resolve("environment/kernel.json").toFile());
    ((ArrayNode) spec.get("argv")).set(0, home.resolve("environment/fedlayers").toString());
    Files.createDirectories(file.getParent());
    Path aside = file.resolveSibling("kernel.json.part");
    JSON.writerWithDefaultPrettyPrinter().writeValue(aside.toFile(), spec);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
