package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.federated.ServerState;
import org.fedlayers.results.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.createDirectory(folder.resolve("owner")).resolve("checkpoint");
    ServerState state =
        new ServerState(
            3,
            40,
            500,
            new float[] {1.5f, -0f, Float.MIN_VALUE},
            new float[] {2},
            new float[] {7, 8, 9},
            new TreeMap<>(Map.of("c", new float[] {4, 5, 6})));
    CellTables tables = new CellTables();
    tables.add(Schema.PARTITION, "a,\"b\nc\" é", 3_000_000_000L, 1, 2, null);
    tables.add(Schema.LANDSCAPE, "a", "", 0, 1, "", "é", -1e-9, 1 / 3.0, 1e-30, Double.NaN);
    Map<String, String> memory = new TreeMap<>(Map.of("c-0", "c-0.1"));
    new Checkpoint(state, memory, tables, 12.5, Map.of("instructions", "AVX2")).write(file, "cell");
  }

  @Test
  void isSetAsideWithTheMemoryThatGoesWithIt() throws IOException {
    byte[] before = Files.readAllBytes(file);
    Path own = file.getParent();
    Files.createDirectory(own.resolve("memory"));
    Files.writeString(own.resolve("memory/c-0.1"), "vector");
    for (int time = 0; time < 2; time++) {
      Path aside = Checkpoint.setAside(own);
      assertThat(own).doesNotExist();
      assertThat(aside.resolve("checkpoint")).hasBinaryContent(before);
      assertThat(aside.resolve("memory/c-0.1").toFile().exists()).isEqualTo(time == 0);
      assertThat(Checkpoint.isIn(folder)).isTrue();
      Files.createDirectory(own);
      Files.write(file, before);
    }
  }

  @Test
  void comesBackAsItWas() throws IOException {
    Checkpoint read = Checkpoint.read(file, "cell");
    assertThat(read.state().round()).isEqualTo(3);
    assertThat(read.state().steps()).isEqualTo(40);
    assertThat(read.state().samples()).isEqualTo(500);
    assertThat(read.state().weights()).containsExactly(1.5f, -0f, Float.MIN_VALUE);
    assertThat(read.state().statistics()).containsExactly(2);
    assertThat(read.state().cohortWeights()).containsExactly(7, 8, 9);
    assertThat(read.state().slots().get("c")).containsExactly(4, 5, 6);
    assertThat(read.memory()).isEqualTo(Map.of("c-0", "c-0.1"));
    assertThat(read.tables().of(Schema.PARTITION))
        .containsExactly(Arrays.asList("a,\"b\nc\" é", 3_000_000_000L, 1L, 2L, null));
    assertThat(read.tables().of(Schema.LANDSCAPE))
        .containsExactly(Arrays.asList("a", null, 0L, 1L, null, "é", -0.0, 0.333333, 1e-30, null));
    assertThat(read.seconds()).isEqualTo(12.5);
    assertThat(read.computedOn()).isEqualTo(Map.of("instructions", "AVX2"));
  }

  @Test
  void anotherCellsIsRefused() {
    assertThatThrownBy(() -> Checkpoint.read(file, "other"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("another version, cell, configuration or image set");
  }

  /** Whatever byte is changed or wherever it is cut, it is not taken for whole. */
  @Test
  void noDamageGoesUnnoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x40;
      Files.write(file, flipped);
      assertThatThrownBy(() -> Checkpoint.read(file, "cell"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
      Files.write(file, java.util.Arrays.copyOf(whole, i));
      assertThatThrownBy(() -> Checkpoint.read(file, "cell"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
