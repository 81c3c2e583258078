package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaTest {
  @TempDir private Path folder;

  @Test
  void withoutADriverItSaysWhereItLooked() {
    Path driver = folder.resolve("nvidiactl");
    assertThat(Cuda.missing(List.of(driver)))
        .contains("no NVIDIA driver")
        .contains(driver.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "3,5,false",
    "3,7,true",
    "8,0,true",
    "8,6,true",
    "8,9,true",
    "9,0,false",
    "10,0,false",
    "12,0,false"
  })
  void graphsRunOnTheCardsThatNd4jHasCodeFor(int major, int minor, boolean can) {
    String lack = Cuda.lackOfGraphs(major, minor);
    assertThat(lack == null).isEqualTo(can);
    if (!can) {
      assertThat(lack).contains("sm_" + major + minor).contains("--executor cuda");
    }
  }

  @Test
  void withADriverButNoLibraryItNamesTheLibrary() throws IOException {
    assumeThat(Cuda.missing()).as("this machine has a card").isNotNull();
    Path driver = Files.createFile(folder.resolve("nvidiactl"));
    assertThat(Cuda.missing(List.of(driver)))
        .containsAnyOf("libcuda.so.1", "libcudart.so.13", "libcublas.so.13", "libcudnn", "no card");
  }
}
