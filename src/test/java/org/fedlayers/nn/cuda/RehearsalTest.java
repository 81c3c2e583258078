package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a card would be told, told to CUDA, cuBLAS and cuDNN in plain loops ({@code
 * src/test/c/cuda.c}), which hold each call to its contract. It shows that the code for cards calls
 * what it means to; only {@link CardTest} shows what a card answers.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class RehearsalTest {
  private static final List<String> LIBRARIES =
      List.of(
          "libcuda.so.1",
          "libcudart.so.13",
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9");

  private static final String SOURCE = "src/test/c/cuda.c";

  @TempDir static Path compiled;
  @TempDir private Path folder;

  /** Runs in a process whose loader finds the loops. */
  static final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] arguments) {
      String missing = Cuda.missing(List.of(Path.of("/")));
      if (missing != null) {
        System.out.println(missing);
        System.exit(2);
      }
      Network network = Case.residual(Normaliser.BATCH);
      List<Network> networks = List.of(Case.odd(), network, Case.residual(Normaliser.group(2)));
      double rounding = CardAgreement.TOLERANCE;
      boolean agrees = CardAgreement.agrees(networks, false, rounding, rounding);
      agrees &= CardAgreement.agrees(List.of(network), true, rounding, rounding);
      System.out.println("tensor cores are asked for");
      System.exit(agrees ? 0 : 1);
    }
  }

  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    String to = compiled.resolve("loops.so").toString();
    try {
      run(compiled, "cc", "-O2", "-shared", "-fPIC", "-o", to, SOURCE, "-lm", "-lpthread");
    } catch (IOException e) {
      assumeTrue(false, "no C compiler to rehearse with: " + e.getMessage());
    }
  }

  @BeforeEach
  void link() throws IOException {
    for (String library : LIBRARIES) {
      Files.createSymbolicLink(folder.resolve(library), compiled.resolve("loops.so"));
    }
  }

  private static String run(Path libraries, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said + "status " + process.waitFor();
  }

  private String rehearsed() throws IOException, InterruptedException {
    return run(
        folder,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "-cp",
        System.getProperty("java.class.path"),
        Rehearsal.class.getName());
  }

  @Test
  void everyCallKeepsItsContractAndTheGradientIsThePlans() throws Exception {
    assertThat(rehearsed())
        .contains("plain loops, driver 13010")
        .contains("equal bytes again")
        .contains("the card agrees with the plan")
        .contains("tensor cores are asked for")
        .endsWith("status 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"libcuda.so.1", "libcublasLt.so.13", "libcudnn_adv.so.9"})
  void theLibraryThatIsMissingIsNamed(String library) throws Exception {
    Files.delete(folder.resolve(library));
    assertThat(rehearsed())
        .contains(library + ": cannot open shared object file")
        .contains("LD_LIBRARY_PATH")
        .endsWith("status 2");
  }
}
