package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.api.Test;

class OneDnnTest {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** OpenMP's threads bear the name of the one that starts them. */
  @Test
  void everyPrimitiveStaysOnTheThreadThatCallsIt() throws Exception {
    assumeThat(TASKS).exists();
    assumeThat(PlanModel.missing()).isNull();
    OneDnn.useOneThread(); // ND4J's own threads, where this is its first call, bear another name
    List<String> threads = new ArrayList<>();
    String name = "calls-oneDNN";
    var thread =
        new Thread(
            () -> {
              try (var model = new PlanModel(Nets.winograd())) {
                Example.of(model.network(), 16, 2).on(model, Pass.TRAINING);
                threads.addAll(named(name));
              }
            },
            name);
    thread.start();
    thread.join();
    assertThat(threads).hasSize(1);
  }

  private static List<String> named(String name) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(name)) {
          found.add(task.toString());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found;
  }
}
