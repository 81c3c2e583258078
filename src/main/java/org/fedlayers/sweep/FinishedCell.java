package org.fedlayers.sweep;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.data.SealedFile;
import org.fedlayers.experiment.Cell;
import org.fedlayers.results.Json;
import org.fedlayers.results.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcome of a cell that ran to its end.
 *
 * @param id of the cell
 * @param tables its rows
 * @param environment what it ran on, see {@link Environment}
 * @param data the image set, its fingerprint and its note
 * @param timing wall seconds and what explains them
 */
record FinishedCell(
    String id,
    CellTables tables,
    Map<String, Object> environment,
    Map<String, Object> data,
    Map<String, Object> timing) {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedCell.class);
  private static final String FILE = "finished";
  private static final String KIND = "finished 3 ";

  /** Whether it has every table that the cell asks for; a cell that diverged may lack some. */
  boolean answers(Cell cell) {
    return Measurements.complete(cell, tables) || tables.divergence().isPresent();
  }

  /**
   * @param sha256 of the images as they are here; null if they are not
   */
  boolean isOf(String sha256) {
    return sha256 == null || sha256.equals(data.get("sha256"));
  }

  /** How long it took; the longest time there is where that is not known. */
  double seconds() {
    return timing.get("seconds") instanceof Number known ? known.doubleValue() : Double.MAX_VALUE;
  }

  /** The same with other rows, and all that they come from. */
  FinishedCell with(CellTables others, Map<String, Object> ranOn) {
    return new FinishedCell(id, others, ranOn, data, timing);
  }

  /** Whether it has every row of another; partitions are left out, as several cells share one. */
  boolean holds(FinishedCell other) {
    return Schema.OF_CELLS.stream()
        .filter(table -> table != Schema.PARTITION && !other.tables.of(table).isEmpty())
        .allMatch(table -> other.tables.of(table).equals(tables.of(table)));
  }

  void write(Path folder) {
    byte[] content = Json.line(this).getBytes(StandardCharsets.UTF_8);
    Uncheck.run(
        () -> SealedFile.write(folder.resolve(FILE), KIND + id, content),
        () -> "cannot keep the finished cell in " + folder);
  }

  /**
   * The finished cell kept in a folder, or null. A file that is not whole is deleted, with a
   * warning, so that the cell starts again, or goes on from its checkpoint.
   */
  static FinishedCell read(Path folder, Cell cell) {
    Path file = folder.resolve(FILE);
    boolean begun = Checkpoint.isIn(folder);
    if (!Files.exists(folder) || begun && !Files.exists(file)) {
      return null;
    }
    try {
      return Json.read(SealedFile.read(file, KIND + cell.id()), new TypeReference<>() {});
    } catch (IOException e) {
      LOG.warn(
          "{}: {}{}",
          cell,
          e.getMessage(),
          begun ? "; it goes on from its checkpoint" : "; there is no checkpoint: it starts again");
      CellStore.delete(file);
      return null;
    }
  }

  /** Whether a folder keeps one. */
  static boolean isKept(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /** Deletes all that a cell needed on its way. */
  static void clear(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      inside.filter(path -> !path.endsWith(FILE)).forEach(CellStore::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete old state in " + folder, e);
    }
  }
}
