package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.results.Csv;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against numbers worked out by hand. */
class SummaryTest {
  private static final List<String> COLUMNS = Schema.SUMMARY.columns();
  @TempDir Path folder;

  private static Cell cell(int rounds, long seed) {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "model.name",
                "mlp-2",
                "rounds",
                rounds,
                "training.epochs",
                1,
                "training.rate",
                0.5));
    return new Cell(configuration, Arm.FEDERATED, seed, Map.of("rounds", "" + rounds));
  }

  private static Tables run(Cell cell, double... accuracies) {
    Tables tables = new Tables();
    for (int i = 0; i < accuracies.length; i++) {
      boolean diverged = Double.isNaN(accuracies[i]);
      tables.add(
          "rounds",
          RoundsTable.line(
              cell,
              new RoundsTable.Row(
                  cell.id(),
                  i + 1,
                  10L * (i + 1),
                  100L * (i + 1),
                  diverged ? "" : "cohort",
                  accuracies[i],
                  1,
                  0.5,
                  diverged ? "diverged" : "ok"),
              10,
              0));
    }
    return tables;
  }

  private List<String> lines(Map<Cell, Tables> finished) throws IOException {
    List<String> rounds = new ArrayList<>(List.of(Csv.line(Schema.ROUNDS.columns())));
    finished.values().forEach(tables -> rounds.addAll(tables.of("rounds")));
    Path file = Files.write(folder.resolve("rounds.csv"), rounds);
    return Summary.lines(Rows.of(ResultsFiles.load(file)), finished.keySet());
  }

  private static double value(String line, String column) {
    return Double.parseDouble(Csv.fields(line).get(COLUMNS.indexOf(column)));
  }

  private static String text(String line, String column) {
    return Csv.fields(line).get(COLUMNS.indexOf(column));
  }

  @Test
  void meansOverSeedsHaveIntervalsWithPooledDeviation() throws IOException {
    Map<Cell, Tables> finished = new LinkedHashMap<>();
    // Last: 0.1, 0.2, 0.3 (squares 0.02) and 0.6, 0.7 (squares 0.005): s^2 = 0.025 / 3.
    for (long seed = 0; seed < 3; seed++) {
      finished.put(cell(2, seed), run(cell(2, seed), 0.5, 0.1 * (seed + 1)));
    }
    for (long seed = 0; seed < 2; seed++) {
      finished.put(cell(3, seed), run(cell(3, seed), 0.6 + 0.1 * seed));
    }
    List<String> lines = lines(finished);
    assertThat(lines).hasSize(2);
    double s = Math.sqrt(0.025 / 3);
    String first = lines.get(0);
    assertThat(value(first, "last")).isCloseTo(0.2, within(1e-6));
    assertThat(value(first, "last_low")).isCloseTo(0.2 - 3.182 * s / Math.sqrt(3), within(1e-4));
    assertThat(value(first, "last_high")).isCloseTo(0.2 + 3.182 * s / Math.sqrt(3), within(1e-4));
    assertThat(value(first, "last10")).isCloseTo(0.2, within(1e-6));
    assertThat(value(first, "best")).isCloseTo(0.5, within(1e-6));
    assertThat(value(first, "n")).isEqualTo(3);
    assertThat(value(first, "samples")).isEqualTo(200);
    assertThat(value(first, "depth")).isEqualTo(2);
    assertThat(first).endsWith(",2");
    assertThat(value(lines.get(1), "last_high") - value(lines.get(1), "last"))
        .isCloseTo(3.182 * s / Math.sqrt(2), within(1e-4));
  }

  @Test
  void onlyTheEndOfTheRunCounts() throws IOException {
    Cell cell = cell(40, 0);
    double[] accuracies = new double[40];
    java.util.Arrays.setAll(accuracies, i -> i < 30 ? 1 : 0.25);
    String line = lines(Map.of(cell, run(cell, accuracies))).get(0);
    assertThat(text(line, "last10")).isEqualTo("0.250000");
    assertThat(text(line, "best")).isEqualTo("1.000000");
  }

  @Test
  void oneSeedHasNoInterval() throws IOException {
    Cell cell = cell(2, 0);
    String line = lines(Map.of(cell, run(cell, 0.5, 0.6))).get(0);
    assertThat(text(line, "last_low")).isEmpty();
    assertThat(text(line, "last")).isEqualTo("0.600000");
  }

  @Test
  void divergedRunsAreCountedAndNotAveraged() throws IOException {
    Map<Cell, Tables> finished = new LinkedHashMap<>();
    finished.put(cell(2, 0), run(cell(2, 0), 0.5, 0.6));
    finished.put(cell(2, 1), run(cell(2, 1), 0.1, Double.NaN));
    finished.put(cell(3, 0), run(cell(3, 0), Double.NaN));
    List<String> lines = lines(finished);
    assertThat(text(lines.get(0), "n")).isEqualTo("1");
    assertThat(text(lines.get(0), "diverged")).isEqualTo("1");
    assertThat(text(lines.get(0), "last")).isEqualTo("0.600000");
    assertThat(text(lines.get(1), "n")).isEqualTo("0");
    assertThat(text(lines.get(1), "last")).isEmpty();
  }
}
