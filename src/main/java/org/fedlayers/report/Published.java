package org.fedlayers.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Samples;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Numbers that a paper's authors published, to stand beside ours in a table.
 *
 * @param source where they stand and what they were measured on
 * @param rows columns that name settings, and {@code published}, all as text
 */
record Published(String source, Rows rows) {
  /**
   * Reads what {@code published/NAME.csv} holds: a comment that says the source, a header, rows.
   *
   * @param sets image sets that were trained on; numbers on others are left out
   * @return null if that leaves none
   * @throws UserError if there is no such file
   */
  static Published of(String name, List<String> sets) {
    try (InputStream in = Published.class.getResourceAsStream("/published/" + name + ".csv")) {
      if (in == null) {
        throw new UserError("there are no published numbers '" + name + "'");
      }
      String[] parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", 2);
      Table table =
          Table.read()
              .usingOptions(
                  CsvReadOptions.builderFromString(parts[1])
                      .columnTypes(column -> ColumnType.STRING));
      Rows rows = Rows.of(table).where(Map.of("data.set", sets.size() == 1 ? sets.get(0) : ""));
      return rows.count() == 0 ? null : new Published(parts[0].replaceFirst("^# ", ""), rows);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read published numbers " + name, e);
    }
  }

  /**
   * The number of the first row that fits; empty where none does.
   *
   * @param setting values by column; a name without options fits with any
   */
  String at(Map<String, String> setting) {
    for (int row : rows.indices()) {
      Map<String, String> known = new HashMap<>();
      for (String column : rows.table().columnNames()) {
        known.put(column, rows.table().stringColumn(column).get(row));
      }
      String number = known.remove("published");
      known.remove("data.set");
      if (Samples.isAt(setting, known)) {
        return number;
      }
    }
    return "";
  }
}
