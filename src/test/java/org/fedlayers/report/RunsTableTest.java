package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTableTest {
  @TempDir Path results;

  private List<String> row(String experiment) {
    return RunsTable.of(results).rows().stream()
        .filter(row -> row.get(0).equals(experiment))
        .findFirst()
        .orElseThrow();
  }

  private Path folder(String path) throws IOException {
    return Files.createDirectories(results.resolve(path));
  }

  @Test
  void saysWhatWasRunOnWhatAndForHowLong() throws IOException {
    Path folder = folder("laptop/man/zeta");
    Files.writeString(
        folder.resolve("provenance.json"),
        """
        {"cells": [{"cell": "a", "seed": 0, "arm": "federated", "configuration": {"rounds": 5}},
                   {"cell": "b", "seed": 1, "arm": "federated", "configuration": {"rounds": 5}},
                   {"cell": "c", "seed": 1, "arm": "federated", "configuration": {"rounds": 9}}],
         "environments": [{"processor": "Some", "instructions": "AVX2"},
                          {"processor": "Some", "instructions": "AVX2"}]}
        """);
    Files.writeString(
        folder.resolve("timings.jsonl"),
        "{\"cell\":\"a\",\"seconds\":3600.0}\n{\"cell\":\"b\",\"seconds\":1800.0}\n");
    assertThat(row("man/zeta").subList(1, 6))
        .containsExactly("M8", "laptop, 3 cells", "1 to 2", "1.5", "Some, AVX2");
  }

  @Test
  void oneCellAtOneScaleHidesNothingOfTheOther() throws IOException {
    String cell = "{\"cells\": [{\"cell\": \"a\", \"seed\": 0}]}";
    Files.writeString(folder("paper/man/zeta").resolve("provenance.json"), cell);
    Files.writeString(folder("laptop/man/zeta").resolve("provenance.json"), cell);
    assertThat(RunsTable.of(results).rows())
        .filteredOn(row -> row.get(0).equals("man/zeta"))
        .extracting(row -> row.get(2))
        .containsExactly("laptop, 1 cells", "paper, 1 cells");
  }

  @Test
  void everyExperimentThatIsNotRunSaysSoAndWhatItWouldTake() {
    List<List<String>> rows = RunsTable.of(results).rows();
    assertThat(rows).hasSameSizeAs(Catalogue.paths());
    assertThat(rows).allSatisfy(row -> assertThat(row.get(2)).isEqualTo("not run"));
    assertThat(rows).allSatisfy(row -> assertThat(row.subList(6, 8)).doesNotContain(""));
    assertThat(row("divergence/theory").get(6)).isEqualTo("<0.01");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Files.writeString(folder("laptop/man/zeta").resolve("provenance.json"), "{");
    assertThatThrownBy(() -> RunsTable.of(results))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("provenance.json: no JSON");
  }
}
