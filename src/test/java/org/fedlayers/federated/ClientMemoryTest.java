package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMemoryTest {
  @TempDir Path folder;

  private static float[] vector(int length, float value) {
    float[] vector = new float[length];
    Arrays.fill(vector, value);
    return vector;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Saves a memory; the files it names belong to the last checkpoint from now on. */
  private static Map<String, String> checkpoint(ClientMemory memory) throws IOException {
    Map<String, String> files = memory.save();
    memory.checkpointed(files);
    return files;
  }

  @Test
  void showsWhatWasStagedOnlyOnceCommitted() {
    ClientMemory memory = ClientMemory.onHeap();
    assertThat(memory.get(3, "h")).isNull();
    memory.stage(3, "h", vector(2, 1));
    assertThat(memory.get(3, "h")).isNull();
    memory.commit();
    assertThat(memory.get(3, "h")).containsExactly(1, 1);
    memory.stage(3, "h", vector(2, 9));
    memory.rollBack();
    memory.commit();
    assertThat(memory.get(3, "h")).containsExactly(1, 1);
    assertThat(memory.heapBytes()).isEqualTo(8);
  }

  /** A hundred clients of 11 million weights, of whom a few were ever touched. */
  @Test
  void holdsOnlyWhatWasTouchedAndSpillsBeyondTheLimit() throws IOException {
    int length = 1_000_003;
    ClientMemory memory = ClientMemory.in(folder, 2L * 4 * length);
    for (int client : new int[] {99, 5, 42, 7}) {
      float[] vector = vector(length, client);
      vector[length - 1] = -client;
      memory.stage(client, "h", vector);
    }
    memory.commit();
    assertThat(memory.heapBytes()).isEqualTo(2L * 4 * length);
    assertThat(files()).hasSize(2);
    for (int client : new int[] {99, 5, 42, 7}) {
      float[] read = memory.get(client, "h");
      assertThat(read).hasSize(length);
      assertThat(new float[] {read[0], read[length / 2], read[length - 1]})
          .containsExactly(client, client, -client);
    }
    memory.stage(42, "h", vector(length, 1));
    memory.commit();
    assertThat(files()).as("no checkpoint needs the replaced file").hasSize(2);
    assertThat(memory.get(42, "h")[0]).isEqualTo(1);
  }

  /** What is staged, staged again or rolled back leaves neither a vector nor a file behind. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void rollsBackToWhatWasCommitted(long heapLimit) throws IOException {
    ClientMemory memory = ClientMemory.in(folder, heapLimit);
    memory.stage(0, "h", vector(2, 1));
    memory.commit();
    List<String> committed = files();
    long held = memory.heapBytes();
    memory.stage(0, "h", vector(2, 2));
    memory.stage(0, "h", vector(3, 3));
    memory.stage(1, "h", vector(2, 4));
    assertThat(files()).hasSize(heapLimit == 0 ? 3 : 0);
    assertThat(memory.heapBytes()).isEqualTo(heapLimit == 0 ? 0 : held + 12 + 8);
    memory.rollBack();
    assertThat(files()).isEqualTo(committed);
    assertThat(memory.heapBytes()).isEqualTo(held);
    memory.commit();
    assertThat(memory.get(0, "h")).containsExactly(1, 1);
    assertThat(memory.get(1, "h")).isNull();
  }

  @Test
  void resumesFromTheLastCheckpointWhateverHappenedSince() throws IOException {
    ClientMemory memory = ClientMemory.in(folder, 8);
    memory.stage(0, "h", vector(2, 1));
    memory.stage(1, "h", vector(2, 2));
    memory.commit();
    Map<String, String> checkpoint = checkpoint(memory);
    assertThat(checkpoint).containsOnlyKeys("h-0", "h-1");
    memory.stage(1, "h", vector(2, 3));
    memory.stage(2, "h", vector(2, 4));
    memory.commit();
    // A later checkpoint saves its vectors, but the crash comes before it is named.
    memory.save();

    List<String> before = files();
    ClientMemory resumed = ClientMemory.in(folder, 8);
    resumed.restore(checkpoint);
    assertThat(files()).as("another process may be training here").isEqualTo(before);
    assertThat(resumed.get(0, "h")).containsExactly(1, 1);
    assertThat(resumed.get(1, "h")).containsExactly(2, 2);
    assertThat(resumed.get(2, "h")).isNull();
    resumed.stage(1, "h", vector(2, 5));
    resumed.commit();
    Map<String, String> next = resumed.save();
    assertThat(next.get("h-1")).isNotEqualTo(checkpoint.get("h-1"));
    assertThat(files()).as("the checkpoint's files stay").containsAll(checkpoint.values());
    resumed.checkpointed(next);
    assertThat(files()).containsExactlyInAnyOrderElementsOf(next.values());
  }

  @Test
  void savesOnlyWhatChangedSinceTheLastCheckpoint() throws IOException {
    ClientMemory memory = ClientMemory.in(folder, 1 << 20);
    memory.stage(0, "h", vector(2, 1));
    memory.stage(1, "h", vector(2, 2));
    memory.commit();
    Map<String, String> first = checkpoint(memory);
    memory.stage(1, "h", vector(2, 3));
    memory.commit();
    Map<String, String> second = memory.save();
    assertThat(second.get("h-0")).isEqualTo(first.get("h-0"));
    assertThat(second.get("h-1")).isNotEqualTo(first.get("h-1"));
  }

  /** Files of the last checkpoint and of what is remembered stay, all others go. */
  @Test
  void aCheckpointDeletesWhatNothingNames() throws IOException {
    ClientMemory memory = ClientMemory.in(folder, 0);
    memory.stage(0, "h", vector(2, 1));
    memory.commit();
    Map<String, String> first = checkpoint(memory);
    memory.stage(0, "h", vector(2, 2));
    memory.commit();
    memory.stage(1, "h", vector(2, 3));
    Files.write(folder.resolve("left-over"), new byte[1]);
    memory.checkpointed(first);
    assertThat(files()).hasSize(3).doesNotContain("left-over").containsAll(first.values());
    memory.commit();
    assertThat(memory.get(0, "h")).containsExactly(2, 2);
    assertThat(memory.get(1, "h")).containsExactly(3, 3);
    Map<String, String> second = checkpoint(memory);
    assertThat(files()).containsExactlyInAnyOrderElementsOf(second.values());
  }

  @Test
  void restoringDiscardsWhateverElseWasRememberedOrStaged() throws IOException {
    ClientMemory memory = ClientMemory.in(folder, 1 << 20);
    memory.stage(0, "h", vector(2, 1));
    memory.commit();
    Map<String, String> saved = checkpoint(memory);
    memory.stage(1, "h", vector(2, 2));
    memory.commit();
    memory.stage(2, "h", vector(2, 3));
    memory.restore(saved);
    memory.commit();
    assertThat(memory.get(0, "h")).containsExactly(1, 1);
    assertThat(memory.get(1, "h")).isNull();
    assertThat(memory.get(2, "h")).isNull();
    assertThat(memory.heapBytes()).isZero();
  }

  /** On the heap or in files from the start: what was saved comes back whole, or not at all. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void takesNoOtherContentThanWasSaved(long heapLimit) throws IOException {
    ClientMemory memory = ClientMemory.in(folder, heapLimit);
    for (int client = 0; client < 2; client++) {
      memory.stage(client, "h", vector(3, client + 1));
    }
    memory.commit();
    Map<String, String> saved = memory.save();
    Path file = folder.resolve(saved.get("h-0"));
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused(file, flipped, saved, heapLimit);
    }
    for (int length : new int[] {0, 1, whole.length - 4, whole.length + 1, 2 * whole.length}) {
      refused(file, Arrays.copyOf(whole, length), saved, heapLimit);
    }
    refused(file, Files.readAllBytes(folder.resolve(saved.get("h-1"))), saved, heapLimit);
    Files.delete(file);
    assertThatThrownBy(() -> ClientMemory.in(folder, heapLimit).restore(saved))
        .hasMessage(file + " is missing");
    Files.write(file, whole);
    ClientMemory restored = ClientMemory.in(folder, heapLimit);
    restored.restore(saved);
    assertThat(restored.get(0, "h")).containsExactly(1, 1, 1);
  }

  private void refused(Path file, byte[] content, Map<String, String> saved, long heapLimit)
      throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> ClientMemory.in(folder, heapLimit).restore(saved))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
