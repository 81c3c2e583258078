package org.fedlayers.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.results.Csv;

/**
 * The CSV files of a bench. A new row takes the place of the one of its key and leaves the others,
 * so that machines of several kinds stand side by side, as long as they measured the same code:
 * rows of another commit, and those of other columns, go.
 *
 * @param machine what was measured and on what: columns of every row, the commit among them
 */
record Results(Path folder, Row machine) {
  private static final List<String> MACHINE = List.of("path", "cpu", "isa", "card");

  /**
   * Writes a row, with what it was measured on.
   *
   * @param key columns in which the rows of one machine and executor differ
   * @param load since before it was measured
   */
  void put(String table, List<String> key, Row row, Load load) {
    String words =
        row.values().entrySet().stream()
            .filter(value -> !value.getValue().isEmpty())
            .map(value -> value.getKey() + " " + value.getValue())
            .collect(Collectors.joining(", "));
    System.out.println(table + ": " + words);
    load.until(Load.now(), row);
    row.values().putAll(machine.values());
    Path file = folder.resolve(table + ".csv");
    List<String> lines = new ArrayList<>(List.of(Csv.line(row.values().keySet())));
    try {
      List<String> old = Files.isRegularFile(file) ? Files.readAllLines(file) : lines;
      if (old.contains(lines.get(0))) {
        old.stream().skip(1).filter(line -> stays(line, row, key)).forEach(lines::add);
      }
      lines.add(Csv.line(row.values().values()));
      AtomicFile.write(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Whether a line of a table with the same columns is kept when a new row is added. */
  private static boolean stays(String line, Row row, List<String> key) {
    Iterator<String> fields = Csv.fields(line).iterator();
    Row old = new Row();
    row.values().keySet().forEach(column -> old.put(column, fields.next()));
    Predicate<String> same = column -> old.values().get(column).equals(row.values().get(column));
    return same.test("commit") && !(key.stream().allMatch(same) && MACHINE.stream().allMatch(same));
  }
}
