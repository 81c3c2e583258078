package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
  @TempDir private Path folder;

  private static String steal(Load before, Load after) {
    Row row = new Row();
    before.until(after, row);
    return row.values().get("steal");
  }

  /** Guests' time, the ninth number, is among the user's already. */
  @Test
  void stolenTimeIsAFractionOfAllTime() throws IOException {
    Path file = folder.resolve("stat");
    Files.writeString(file, "cpu  100 0 50 800 10 0 0 40 7 0\ncpu0 1 2 3 4 5 6 7 8 9 9\n");
    Load before = Load.now(file);
    assertThat(steal(before, Load.now(file))).isEqualTo("0.0000");
    Files.writeString(file, "cpu  160 0 60 820 10 0 0 50 99 0\n");
    assertThat(steal(before, Load.now(file))).isEqualTo("0.1000"); // 10 of 60 + 10 + 20 + 10
  }

  @Test
  void whereTheSystemDoesNotSayTheFieldIsEmpty() {
    Load load = Load.now(folder.resolve("absent"));
    assertThat(steal(load, load)).isEmpty();
  }
}
