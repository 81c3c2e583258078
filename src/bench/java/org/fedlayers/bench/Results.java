package org.fedlayers.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.results.Csv;

/**
 * The CSV files of a bench. A new row replaces the one of its key and leaves the others, so that
 * machines of several kinds stand side by side, as long as they measured the same code: rows of
 * another commit, and those of other columns, go.
 *
 * @param machine what was measured and on what: columns of every row, the commit among them
 * @param say for a line of progress a row
 */
record Results(Path folder, Row machine, Consumer<String> say) {
  private static final String COMMIT = "commit";
  private static final List<String> MACHINE = List.of("path", "cpu", "isa", "card");

  /**
   * Writes a row, with what it was measured on.
   *
   * @param key columns that tell rows of one machine and executor apart
   * @param load since before it was measured
   */
  void put(String table, List<String> key, Row row, Load load) {
    say.accept(table + " " + row.values());
    load.until(Load.now(), row);
    row.values().putAll(machine.values());
    Path file = folder.resolve(table + ".csv");
    String header = Csv.line(row.values().keySet());
    try {
      Map<List<String>, String> lines = new LinkedHashMap<>();
      List<String> old = Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
      if (!old.isEmpty() && old.get(0).equals(header)) {
        old.stream().skip(1).forEach(line -> take(lines, key, row, Csv.fields(line)));
      }
      take(lines, key, row, List.copyOf(row.values().values()));
      AtomicFile.write(file, header + "\n" + String.join("\n", lines.values()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static void take(
      Map<List<String>, String> lines, List<String> key, Row row, List<String> fields) {
    List<String> columns = List.copyOf(row.values().keySet());
    if (fields.get(columns.indexOf(COMMIT)).equals(row.values().get(COMMIT))) {
      List<String> name =
          columns.stream()
              .filter(column -> key.contains(column) || MACHINE.contains(column))
              .map(column -> fields.get(columns.indexOf(column)))
              .collect(Collectors.toList());
      lines.put(name, Csv.line(fields));
    }
  }
}
