package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.results.Schema;
import org.junit.jupiter.api.Test;

/** Against numbers worked out by hand. */
class SummaryTest {
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

  private static CellTables run(Cell cell, double... accuracies) {
    CellTables tables = new CellTables();
    for (int i = 0; i < accuracies.length; i++) {
      boolean diverged = Double.isNaN(accuracies[i]);
      tables.add(
          Schema.ROUNDS,
          cell.id(),
          "federated",
          cell.seed(),
          i + 1,
          10 * (i + 1),
          100 * (i + 1),
          diverged ? "" : "cohort",
          accuracies[i],
          1,
          0.5,
          10,
          diverged ? "diverged" : "ok",
          0);
    }
    return tables;
  }

  private static List<Summary.Row> rows(Map<Cell, CellTables> finished) {
    List<List<Object>> rounds = new ArrayList<>();
    finished.values().forEach(tables -> rounds.addAll(tables.of(Schema.ROUNDS)));
    return Summary.rows(Schema.ROUNDS.table(rounds), finished.keySet());
  }

  private static Object value(Summary.Row row, String column) {
    return row.values().get(Schema.SUMMARY.columns().indexOf(column));
  }

  private static double number(Summary.Row row, String column) {
    return ((Number) value(row, column)).doubleValue();
  }

  @Test
  void meansOverSeedsHaveIntervalsByTheirOwnDeviation() {
    Map<Cell, CellTables> finished = new LinkedHashMap<>();
    // Last: 0.1, 0.2, 0.3 (s = 0.1, t(2) = 4.303) and 0.6, 0.7 (s^2 = 0.005, t(1) = 12.706).
    for (long seed = 0; seed < 3; seed++) {
      finished.put(cell(2, seed), run(cell(2, seed), 0.5, 0.1 * (seed + 1)));
    }
    for (long seed = 0; seed < 2; seed++) {
      finished.put(cell(3, seed), run(cell(3, seed), 0.6 + 0.1 * seed));
    }
    List<Summary.Row> rows = rows(finished);
    assertThat(rows).hasSize(2);
    Summary.Row first = rows.get(0);
    assertThat(number(first, "last")).isCloseTo(0.2, within(1e-6));
    assertThat(number(first, "last_low")).isCloseTo(0.2 - 0.4303 / Math.sqrt(3), within(1e-4));
    assertThat(number(first, "last_high")).isCloseTo(0.2 + 0.4303 / Math.sqrt(3), within(1e-4));
    assertThat(number(first, "last10")).isCloseTo(0.2, within(1e-6));
    assertThat(number(first, "best")).isCloseTo(0.5, within(1e-6));
    assertThat(number(first, "n")).isEqualTo(3);
    assertThat(number(first, "samples")).isEqualTo(200);
    assertThat(number(first, "depth")).isEqualTo(2);
    assertThat(first.cell().labels()).containsEntry("rounds", "2");
    assertThat(number(rows.get(1), "last_high") - number(rows.get(1), "last"))
        .isCloseTo(12.706 * Math.sqrt(0.005 / 2), within(1e-3));
  }

  @Test
  void onlyTheEndOfTheRunCounts() {
    Cell cell = cell(40, 0);
    double[] accuracies = new double[40];
    java.util.Arrays.setAll(accuracies, i -> i < 30 ? 1 : 0.25);
    Summary.Row row = rows(Map.of(cell, run(cell, accuracies))).get(0);
    assertThat(value(row, "last10")).isEqualTo(0.25);
    assertThat(value(row, "best")).isEqualTo(1.0);
  }

  @Test
  void oneSeedHasNoInterval() {
    Cell cell = cell(2, 0);
    Summary.Row row = rows(Map.of(cell, run(cell, 0.5, 0.6))).get(0);
    assertThat(value(row, "last_low")).isNull();
    assertThat(value(row, "last")).isEqualTo(0.6);
  }

  @Test
  void divergedRunsAreCountedAndNotAveraged() {
    Map<Cell, CellTables> finished = new LinkedHashMap<>();
    finished.put(cell(2, 0), run(cell(2, 0), 0.5, 0.6));
    finished.put(cell(2, 1), run(cell(2, 1), 0.1, Double.NaN));
    finished.put(cell(3, 0), run(cell(3, 0), Double.NaN));
    List<Summary.Row> rows = rows(finished);
    assertThat(value(rows.get(0), "n")).isEqualTo(1L);
    assertThat(value(rows.get(0), "diverged")).isEqualTo(1L);
    assertThat(value(rows.get(0), "last")).isEqualTo(0.6);
    assertThat(value(rows.get(1), "n")).isEqualTo(0L);
    assertThat(value(rows.get(1), "last")).isNull();
  }
}
