package org.fedlayers.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.results.Csv;

/**
 * A CSV file in which a new row replaces the one of its key and leaves the others, so that machines
 * of several kinds stand side by side.
 */
final class ResultTable {
  private final Path file;
  private final List<String> key;
  private final List<String> columns;
  private final Map<String, String> rows = new LinkedHashMap<>();

  /**
   * Takes up the rows of the file if there is one of these columns; else the table is empty.
   *
   * @param key columns that tell rows apart
   */
  ResultTable(Path file, List<String> key, List<String> columns) {
    this.file = file;
    this.key = key;
    this.columns = columns;
    if (Files.isRegularFile(file)) {
      try {
        List<String> lines = Files.readAllLines(file);
        if (!lines.isEmpty() && lines.get(0).equals(Csv.line(columns))) {
          lines.stream().skip(1).forEach(this::take);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }
  }

  private void take(String line) {
    List<String> fields = Csv.fields(line);
    rows.put(
        key.stream()
            .map(column -> fields.get(columns.indexOf(column)))
            .collect(Collectors.joining("\n")),
        line);
  }

  /** Adds a row and writes the file. Columns without a value stay empty. */
  void put(Map<String, ?> row) {
    List<Object> fields = new ArrayList<>();
    columns.forEach(column -> fields.add(row.containsKey(column) ? row.get(column) : ""));
    if (!columns.containsAll(row.keySet())) {
      throw new IllegalArgumentException(row.keySet() + " are not all among " + columns);
    }
    take(Csv.line(fields));
    try {
      AtomicFile.write(file, Csv.line(columns) + "\n" + String.join("\n", rows.values()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
