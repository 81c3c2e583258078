package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder;

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("a/b/file");
    AtomicFile.write(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");
    assertThat(file).hasContent("old");
    assertThat(file.getParent().toFile().list()).containsExactly("file");
  }

  /** Of one that goes on, in contrast, all is left alone. */
  @Test
  void whatAKilledProcessLeftAsideGoesWithTheNextWrite() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    for (String aside : new String[] {gone.pid() + ".part", parent + ".part", "x.part"}) {
      Files.writeString(folder.resolve("file." + aside), "half");
    }
    AtomicFile.write(folder.resolve("file"), "whole");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("file", "file." + parent + ".part", "file.x.part");
  }
}
