package org.fedlayers.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.UserError;

/**
 * Numbers that a paper's authors published, to stand beside ours in a table.
 *
 * @param source where they stand and what they were measured on
 * @param columns names of settings, and last what was published
 * @param set the place of the column that names the image set, the same in every row
 * @param rows as many texts each
 */
record Published(String source, List<String> columns, int set, List<List<String>> rows) {
  private static final String FOLDER = "/published/";

  /**
   * Reads what {@code published/NAME.csv} holds: a comment that says the source, a header, rows.
   *
   * @param sets image sets that were trained on; numbers on others are left out
   * @return null if that leaves none
   * @throws UserError if there is no such file
   */
  static Published of(String name, List<String> sets) {
    String file = FOLDER + name + ".csv";
    try (InputStream in = Published.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new UserError("there are no published numbers '" + name + "'");
      }
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      List<String> columns = fields(lines.get(1));
      int set = columns.indexOf("data.set");
      List<List<String>> rows =
          lines.stream()
              .skip(2)
              .map(Published::fields)
              .filter(row -> sets.equals(List.of(row.get(set))))
              .toList();
      return rows.isEmpty()
          ? null
          : new Published(lines.get(0).replaceFirst("^# ", ""), columns, set, rows);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static List<String> fields(String line) {
    return Arrays.asList(line.split(","));
  }

  /**
   * The number of the first row that fits; empty where none does.
   *
   * @param setting values by column; a name without options fits with any
   */
  String at(Map<String, String> setting) {
    return rows.stream()
        .filter(row -> fits(row, setting))
        .map(row -> row.get(row.size() - 1))
        .findFirst()
        .orElse("");
  }

  private boolean fits(List<String> row, Map<String, String> setting) {
    for (int i = 0; i + 1 < columns.size(); i++) {
      String own = setting.getOrDefault(columns.get(i), "");
      if (i != set && !own.equals(row.get(i)) && !own.startsWith(row.get(i) + " ")) {
        return false;
      }
    }
    return true;
  }
}
