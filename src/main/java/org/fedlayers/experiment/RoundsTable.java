package org.fedlayers.experiment;

import java.util.List;
import java.util.OptionalInt;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Schema;

/** The table {@code rounds}: one row for each scored round and model. */
final class RoundsTable {
  static final String NAME = Schema.ROUNDS.name();
  static final String OK = "ok";
  static final String DIVERGED = "diverged";

  /**
   * A row as far as anything is computed from it.
   *
   * @param round rounds completed
   * @param accuracy on the test images in [0, 1]; NaN in a row that records a divergence
   * @param trainLoss mean over the cohort's local training in this round; without the penalty, but
   *     in older rows, whose column {@code penalty} is empty
   */
  record Row(
      String cell,
      int round,
      long steps,
      long samples,
      String model,
      double accuracy,
      double loss,
      double trainLoss,
      String status) {

    static Row parse(String line) {
      List<String> fields = Csv.fields(line);
      return new Row(
          fields.get(0),
          Integer.parseInt(fields.get(3)),
          Long.parseLong(fields.get(4)),
          Long.parseLong(fields.get(5)),
          fields.get(6),
          number(fields.get(7)),
          number(fields.get(8)),
          number(fields.get(9)),
          fields.get(11));
    }

    private static double number(String field) {
      return field.isEmpty() ? Double.NaN : Double.parseDouble(field);
    }

    boolean diverged() {
      return status.equals(DIVERGED);
    }
  }

  private RoundsTable() {}

  /** The round in which a cell diverged, if it did. */
  static OptionalInt divergence(Tables tables) {
    return tables.of(NAME).stream()
        .map(Row::parse)
        .filter(Row::diverged)
        .mapToInt(Row::round)
        .findFirst();
  }

  /** Without the columns of the grid, which are added when tables are put together. */
  static String line(Cell cell, Row row, int cohort, double penalty) {
    return Schema.ROUNDS.line(
        row.cell(),
        cell.arm().text(),
        cell.seed(),
        row.round(),
        row.steps(),
        row.samples(),
        row.model(),
        row.accuracy(),
        row.loss(),
        row.trainLoss(),
        cohort,
        row.status(),
        penalty);
  }
}
