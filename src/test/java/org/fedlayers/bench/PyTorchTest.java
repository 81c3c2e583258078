package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.engine.Executor;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The conversation with PyTorch's side, held against a script that only talks. */
@DisabledOnOs(OS.WINDOWS)
class PyTorchTest {
  private static final Workload WORKLOAD = Workload.named("man-cnn");

  @TempDir private Path folder;

  private Path script(String... lines) throws IOException {
    return Files.writeString(folder.resolve("fake.sh"), String.join("\n", lines) + "\n");
  }

  private Path talking(long weights) throws IOException {
    return script(
        "echo '{\"torch\": \"9.9\"}'",
        "read nodes",
        "echo '{\"layout\": \"sideways\", \"weights\": %d}'".formatted(weights),
        "read seconds",
        "echo '{\"images_per_second\": 12.5}'");
  }

  @Test
  void theFirstInterpreterThatHasPyTorchIsTaken() throws IOException {
    PyTorch found = PyTorch.find(talking(1), List.of("no-such-interpreter", "sh")).orElseThrow();
    assertThat(found.version()).isEqualTo("9.9");
    assertThat(found.command().get(0)).isEqualTo("sh");
  }

  @Test
  void whereItIsAbsentThereIsNothingToMeasure() throws IOException {
    assertThat(PyTorch.find(script("echo '{\"missing\": \"torch\"}'"), List.of("sh"))).isEmpty();
    assertThat(PyTorch.find(script("exit 1"), List.of("sh"))).isEmpty();
    assertThat(PyTorch.find(script(""), List.of("no-such-interpreter"))).isEmpty();
  }

  @Test
  void ratesOfSeveralProcessesAddUp() throws IOException {
    Path script = talking(WORKLOAD.network().weightCount());
    PyTorch torch = PyTorch.find(script, List.of("sh")).orElseThrow();
    try (PyTorch.Run run = new PyTorch.Run(torch, WORKLOAD, Executor.PLAN, 2, 0.1)) {
      assertThat(run.layout).isEqualTo("sideways");
      assertThat(run.rate()).isEqualTo(25);
      assertThatThrownBy(run::rate).isInstanceOf(UserError.class).hasMessageContaining("fake.sh");
    }
  }

  @Test
  void anotherNetworkIsRefused() throws IOException {
    PyTorch torch = PyTorch.find(talking(7), List.of("sh")).orElseThrow();
    assertThatThrownBy(() -> new PyTorch.Run(torch, WORKLOAD, Executor.PLAN, 1, 0.1))
        .hasMessageContaining("PyTorch's man-cnn has 7 weights");
  }

  @Test
  void theRealScriptTrainsEveryNetwork() {
    Path script = Path.of("environment", "pytorch_throughput.py");
    var found = PyTorch.find(script, PyTorch.INTERPRETERS);
    assumeThat(found).as("PyTorch is installed").isPresent();
    for (String net : List.of("man-cnn", "resnet-8")) {
      try (var run = new PyTorch.Run(found.get(), Workload.named(net), Executor.PLAN, 1, 0.01)) {
        assertThat(run.layout).isIn("channels-last", "default");
        assertThat(run.rate()).isPositive();
      }
    }
  }
}
