package org.fedlayers.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Samples;

/**
 * Numbers that a paper's authors published, to stand beside ours in a table.
 *
 * @param source where they stand and what they were measured on
 * @param rows the values of settings by column, and {@code published}
 */
record Published(String source, List<Map<String, String>> rows) {
  /**
   * Reads {@code published/NAME.csv}: a comment that says the source, a header, rows.
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
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      List<String> header = Csv.fields(lines.get(1));
      List<Map<String, String>> rows =
          lines.stream()
              .skip(2)
              .map(line -> row(header, Csv.fields(line)))
              .filter(row -> List.of(row.get("data.set")).equals(sets))
              .toList();
      return rows.isEmpty() ? null : new Published(lines.get(0).substring(2), rows);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read published numbers " + name, e);
    }
  }

  private static Map<String, String> row(List<String> header, List<String> fields) {
    Map<String, String> row = new HashMap<>();
    header.forEach(column -> row.put(column, fields.get(header.indexOf(column))));
    return row;
  }

  /**
   * The number of the first row that fits; empty where none does.
   *
   * @param setting values by column; a name without options fits with any
   */
  String at(Map<String, String> setting) {
    return rows.stream()
        .filter(row -> Samples.isAt(setting, Samples.without(row, Set.of("published", "data.set"))))
        .map(row -> row.get("published"))
        .findFirst()
        .orElse("");
  }
}
