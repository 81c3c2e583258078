package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.fedlayers.nn.plan.PlanModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Natives of several versions of JavaCPP run side by side, and no screen is told. */
class NativeVersionsTest {
  /** What loads natives in a process that uses the library, and knows nothing of logging. */
  enum Loaded {
    PLAN {
      @Override
      boolean load() {
        return PlanModel.missing() == null;
      }
    },
    GRAPH {
      @Override
      boolean load() {
        return Nd4jRuntime.isOnCpu();
      }
    };

    abstract boolean load();

    public static void main(String[] arguments) {
      System.out.println(valueOf(arguments[0]).load() ? "loaded" : "not here");
      System.exit(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProcessDoesNotSpeakOfVersions(Loaded loaded) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Loaded.class.getName(),
                loaded.name())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeThat(said).doesNotContain("not here");
    assertThat(said).contains("loaded").doesNotContain("do not match");
  }
}
