package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeFolders() throws IOException {
    folder = temporary.toRealPath();
    Files.createDirectories(folder.resolve("results/deep"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("results/deep"));
  }

  /** Two names of one folder share what is unfinished there. */
  @ParameterizedTest
  @CsvSource({
    "results, results",
    "results/deep/.., results",
    "link, results/deep",
    "link/.., results",
    "new/../other, other",
    "results/new, results/new"
  })
  void resultsGoByTheirRealName(String named, String real) {
    assertThat(Home.results(folder.resolve(named), "trials")).isEqualTo(folder.resolve(real));
  }

  @Test
  void aRelativeNameHasAParent() {
    assertThat(Home.results(Path.of(".."), "trials"))
        .isEqualTo(Path.of("").toAbsolutePath().getParent());
    assertThat(Home.results(null, "trials")).isEqualTo(Path.of("trials").toAbsolutePath());
  }
}
