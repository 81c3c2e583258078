package org.fedlayers.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.AtomicFile;

/**
 * What is kept of a cell that came to its end.
 *
 * @param id of the cell
 * @param tables its rows
 * @param environment what it ran on, see {@link Environment}
 * @param data the image set, its fingerprint and its note
 * @param timing wall seconds and what explains them
 */
record FinishedCell(
    String id,
    Tables tables,
    Map<String, Object> environment,
    Map<String, Object> data,
    Map<String, Object> timing) {
  private static final String FILE = "finished.json";

  /** Whether it has every table that the cell asks for; a cell that diverged may lack some. */
  boolean answers(Cell cell) {
    return Measurements.complete(cell, tables)
        || tables.of(RoundsTable.NAME).stream()
            .map(RoundsTable.Row::parse)
            .anyMatch(RoundsTable.Row::diverged);
  }

  void write(Path folder) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cell", id);
    all.put("environment", environment);
    all.put("data", data);
    all.put("timing", timing);
    all.put("tables", tables.all());
    AtomicFile.write(folder.resolve(FILE), Json.pretty(all));
  }

  /** The finished cell kept in a folder, or null. */
  @SuppressWarnings("unchecked") // written as above, in this program's own state
  static FinishedCell read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Map<String, Object> all = Json.read(file);
    return new FinishedCell(
        (String) all.get("cell"),
        Tables.of((Map<String, List<String>>) all.get("tables")),
        (Map<String, Object>) all.get("environment"),
        (Map<String, Object>) all.get("data"),
        (Map<String, Object>) all.get("timing"));
  }
}
