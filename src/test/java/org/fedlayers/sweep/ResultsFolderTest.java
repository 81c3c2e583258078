package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.results.Csv;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from results and written again has the same bytes. */
class ResultsFolderTest {
  @TempDir private Path folder;

  static List<String> checkedIn() {
    return Catalogue.paths().stream()
        .filter(path -> Files.isDirectory(Path.of("results/laptop", path)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("checkedIn")
  void checkedInResultsKeepTheirBytes(String path) throws IOException {
    File there = new File("results/laptop/" + path);
    File copy = folder.resolve("laptop").resolve(path).toFile();
    FileUtils.copyDirectory(there, copy);
    Experiment experiment = ExperimentReader.builtIn(path, "laptop");
    List<String> said = new ArrayList<>();
    new ResultsFolder(folder, experiment).write(Map.of(), said::add);
    assertThat(said).isEmpty();
    for (File table : FileUtils.listFiles(there, new String[] {"csv"}, false)) {
      List<String> before = Files.readAllLines(table.toPath());
      List<String> columns = Csv.fields(before.get(0));
      assertThat(only(columns, Files.readAllLines(copy.toPath().resolve(table.getName()))))
          .isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"provenance.json", "rounds.csv"})
  void rowsThatAreDroppedAreCounted(String missing) throws IOException {
    File copy = folder.resolve("laptop/fixbn/border").toFile();
    FileUtils.copyDirectory(new File("results/laptop/fixbn/border"), copy);
    ResultsFolder results =
        new ResultsFolder(folder, ExperimentReader.builtIn("fixbn/border", "laptop"));
    FinishedCell one = results.published().values().iterator().next();
    Files.delete(copy.toPath().resolve(missing));
    List<String> said = new ArrayList<>();
    results.write(Map.of(one.id(), one), said::add);
    assertThat(said)
        .singleElement()
        .asString()
        .containsPattern("rows are dropped of cells without .*: \\d+");
  }

  /** Without the columns that older versions did not have. */
  private static List<String> only(List<String> columns, List<String> lines) {
    List<String> all = Csv.fields(lines.get(0));
    return lines.stream()
        .map(Csv::fields)
        .map(row -> Csv.line(columns.stream().map(one -> row.get(all.indexOf(one))).toList()))
        .toList();
  }
}
