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
import picocli.CommandLine;

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

  /** Measures of another kind are of the same cells; other settings make others. */
  @ParameterizedTest
  @CsvSource({
    "measure.what=curvature, results",
    "measure=curvature, results",
    "measure.images=10, trials",
    "rounds=2, trials"
  })
  void measuresGoWhereTheModelsRan(String set, String folder) {
    Targets targets = CommandLine.populateCommand(new Targets(), "man/methods", "--set", set);
    Machine machine = CommandLine.populateCommand(new Machine());
    assertThat(targets.measuring(machine).out()).isEqualTo(Path.of(folder).toAbsolutePath());
    assertThat(targets.options(machine).out()).isEqualTo(Path.of("trials").toAbsolutePath());
  }

  @Test
  void aRelativeNameHasAParent() {
    assertThat(Home.results(Path.of(".."), "trials"))
        .isEqualTo(Path.of("").toAbsolutePath().getParent());
    assertThat(Home.results(null, "trials")).isEqualTo(Path.of("trials").toAbsolutePath());
  }
}
