package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results are found from a notebook's folder, and never in a folder that is no checkout. */
class ResultsHomeTest {
  @TempDir Path root;

  @Test
  void isTheNearestCheckoutAboveANotebook() throws Exception {
    Path notebooks = Files.createDirectories(root.resolve("checkout/notebooks"));
    Files.createDirectories(root.resolve("checkout/environment"));
    Files.createFile(root.resolve("checkout/environment/fedlayers"));
    assertThat(ResultsHome.above(notebooks)).isEqualTo(root.resolve("checkout"));
  }

  @Test
  void isNotAnyFolder() {
    assertThatThrownBy(() -> ResultsHome.above(root))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("FEDLAYERS_HOME");
  }

  @Test
  void standsInTheCheckoutOfTheseTests() {
    assertThat(ResultsHome.of("quick/divergence/depth"))
        .endsWithRaw(Path.of("results", "quick", "divergence", "depth"));
  }
}
