package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaTest {
  @TempDir private Path folder;

  @Test
  void withoutADriverItSaysWhereItLooked() {
    Path driver = folder.resolve("nvidiactl");
    assertThat(Cuda.missing(List.of(driver)))
        .contains("no NVIDIA driver")
        .contains(driver.toString());
  }

  @Test
  void withADriverButNoLibraryItNamesTheLibrary() throws IOException {
    assumeThat(Cuda.missing()).as("this machine has a card").isNotNull();
    Path driver = Files.createFile(folder.resolve("nvidiactl"));
    assertThat(Cuda.missing(List.of(driver)))
        .containsAnyOf("libcudart.so.13", "libcublas.so.13", "libcudnn.so.9", "no card");
  }
}
