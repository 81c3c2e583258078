package org.fedlayers.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Run after run in one process: heap, native memory, descriptors and threads stay where they were.
 */
class MemorySoak {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int WARM_UP = 4;
  private static final int MEASURED = 4;
  private static final long SLACK = 8L << 20;

  @TempDir private Path folder;

  /** What a process holds, after a collection. */
  private record Held(long heap, long natives, long descriptors, int threads) {
    static Held now() throws IOException {
      for (int i = 0; i < 3; i++) {
        System.gc();
        System.runFinalization();
      }
      Runtime runtime = Runtime.getRuntime();
      long open = 0;
      if (Files.isDirectory(DESCRIPTORS)) {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
          open = all.count();
        }
      }
      return new Held(
          runtime.totalMemory() - runtime.freeMemory(),
          Pointer.totalBytes(),
          open,
          Thread.activeCount());
    }
  }

  @Test
  void whatAProcessHoldsStaysFlat() throws IOException {
    Files.writeString(
        folder.resolve("killed.yaml"),
        KillSoak.EXPERIMENT
            .replace("model: logistic", "model: {name: resnet-8, width: 0.125}")
            .replace("rounds: 25", "rounds: 2"));
    Tally tally = new Tally("runs in one process");
    repeat(WARM_UP, tally);
    Held before = Held.now();
    repeat(MEASURED * Tally.EFFORT, tally);
    Held after = Held.now();
    assertThat(after.heap()).as("%s, then %s", before, after).isLessThan(before.heap() + SLACK);
    assertThat(after.natives())
        .as("%s, then %s", before, after)
        .isLessThan(before.natives() + SLACK);
    assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 4);
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2);
    tally.close();
  }

  private void repeat(int count, Tally tally) {
    for (int i = 0; i < count; i++) {
      tally.one(
          "run",
          0,
          random -> {
            Path out = Files.createTempDirectory(folder, "run").resolve("out");
            List<String> command =
                List.of("run", folder.resolve("killed.yaml").toString(), "--out", out.toString());
            assertThat(Program.run(command).inWords().code()).isZero();
            return "heap and natives and descriptors and threads flat";
          });
    }
  }
}
