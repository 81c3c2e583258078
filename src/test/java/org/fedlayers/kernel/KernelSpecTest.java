package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecTest {
  @TempDir Path folder;
  private Path user;
  private KernelSpec spec;

  @BeforeEach
  void checkout() throws Exception {
    user = folder.resolve("user");
    Path home = folder.resolve("checkout \"with\" spaces");
    Files.createDirectories(home.resolve("environment"));
    Files.copy(Path.of("environment/kernel.json"), home.resolve("environment/kernel.json"));
    spec = new KernelSpec(home);
  }

  private Map<String, String> folders() {
    return Map.of(
        "JUPYTER_DATA_DIR", user.toString(), "JUPYTER_PATH", folder.resolve("other").toString());
  }

  private JsonNode installed() throws Exception {
    return new ObjectMapper().readTree(user.resolve("kernels/java/kernel.json").toFile());
  }

  @Test
  void installsForTheUserAndStartsTheLauncherOfThisCheckout() throws Exception {
    assertThat(spec.install(folders())).contains("installed");
    assertThat(installed().get("argv").get(0).asText())
        .isEqualTo(spec.home().resolve("environment/fedlayers").toString());
    assertThat(installed().get("interrupt_mode").asText()).isEqualTo("message");
    assertThat(user.resolve("kernels/java")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void bringsItsOwnEntryUpToDate() throws Exception {
    spec.install(folders());
    Path moved = folder.resolve("moved");
    Files.move(spec.home(), moved);
    new KernelSpec(moved).install(folders());
    assertThat(installed().get("argv").get(0).asText()).startsWith(moved.toString());
  }

  @Test
  void leavesAForeignKernelAloneWhereverItIs() throws Exception {
    for (String place : new String[] {"user", "other"}) {
      Path foreign = folder.resolve(place).resolve("kernels/java/kernel.json");
      Files.createDirectories(foreign.getParent());
      Files.writeString(foreign, "{\"argv\": [\"java\", \"-jar\", \"ijava.jar\"]}");
      assertThat(spec.install(folders())).contains("stays as it is").contains(place);
      assertThat(foreign).hasContent("{\"argv\": [\"java\", \"-jar\", \"ijava.jar\"]}");
      Files.delete(foreign);
    }
    assertThat(user.resolve("kernels/java")).isEmptyDirectory();
  }
}
