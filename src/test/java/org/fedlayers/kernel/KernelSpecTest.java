package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path kernel;
  private Path home;

  @BeforeEach
  void checkout() throws Exception {
    kernel = folder.resolve("user/kernels/java");
    home = folder.resolve("checkout \"with\" spaces & \\");
    Files.createDirectories(home.resolve("environment"));
    for (String name : new String[] {"kernel.json", "install-kernel", "fedlayers", "here.sh"}) {
      Path file = home.resolve("environment").resolve(name);
      Files.copy(Path.of("environment").resolve(name), file);
      file.toFile().setExecutable(true);
    }
  }

  /** Runs the launcher's command where everybody may write what does not say otherwise. */
  private String install(int status) throws Exception {
    Path launcher = home.resolve("environment/fedlayers");
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh", "-c", "umask 000; exec \"$1\" kernel install", "sh", launcher.toString());
    builder.environment().put("JUPYTER_DATA_DIR", folder.resolve("user").toString());
    builder.environment().put("JUPYTER_PATH", ":" + folder.resolve("other"));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(status);
    assertThat(said.lines()).hasSize(1);
    return said;
  }

  private JsonNode installed() throws Exception {
    return JSON.readTree(kernel.resolve("kernel.json").toFile());
  }

  @Test
  void installsForTheUserAndStartsTheLauncherOfThisCheckout() throws Exception {
    assertThat(install(0)).contains("installed");
    assertThat(installed().get("argv").get(0).asText())
        .isEqualTo(home.toRealPath().resolve("environment/fedlayers").toString());
    assertThat(installed().get("argv").get(3).asText()).isEqualTo("{connection_file}");
    assertThat(installed().get("interrupt_mode").asText()).isEqualTo("message");
    assertThat(kernel).isDirectoryContaining("glob:**kernel.json");
    assertThat(kernel).isDirectoryNotContaining("glob:**part*");
  }

  @Test
  void isWrittenByItsOwnerOnly() throws Exception {
    install(0);
    for (Path path = kernel.resolve("kernel.json"); !path.equals(folder); path = path.getParent()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .matches("rw.[r-]-.[r-]-.");
    }
    Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(install(2)).contains("chmod o-w");
  }

  @Test
  void bringsItsOwnEntryUpToDate() throws Exception {
    install(0);
    home = Files.move(home, folder.resolve("moved"));
    install(0);
    assertThat(installed().get("argv").get(0).asText())
        .startsWith(folder.toRealPath().resolve("moved").toString());
  }

  @Test
  void leavesAForeignKernelAloneWhereverItIs() throws Exception {
    String spec = "{\"argv\": [\"java\", \"-jar\", \"ijava.jar\"]}";
    for (String place : new String[] {"user", "other"}) {
      Path foreign = folder.resolve(place).resolve("kernels/java/kernel.json");
      Files.createDirectories(foreign.getParent());
      Files.writeString(foreign, spec);
      assertThat(install(0)).contains("stays as it is").contains(place);
      assertThat(foreign).hasContent(spec);
      Files.delete(foreign);
    }
    assertThat(kernel).isEmptyDirectory();
  }
}
