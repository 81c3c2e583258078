package org.fedlayers;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Federation;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.Checkpoint;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Where a {@link Run} is kept: its federation in a checkpoint, its tables in files beside it. */
final class RunFolder {
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Path folder;
  private final String owner;
  private long saved = System.nanoTime();

  /** Of the checkpoint that was read or written last; null if there was none. */
  private FileTime known;

  /**
   * @param owner of its checkpoints, see {@link Checkpoint#owner}
   */
  RunFolder(Path folder, String owner) {
    this.folder = folder;
    this.owner = owner;
  }

  ClientMemory memory() {
    return Checkpoint.memory(folder);
  }

  /**
   * Brings a federation to where it was kept, and its tables, if it was.
   *
   * @param tables empty ones, of which those with no file stay so; the first must have one
   * @return whether it was kept
   * @throws UserError if the folder holds another run, or a damaged one
   */
  boolean load(Federation federation, List<Table> tables) {
    known = now(); // Before it is read: what another run writes in between is seen by alone().
    try {
      Checkpoint.load(federation, folder, owner);
    } catch (UserError e) {
      if (Objects.equals(known, now())) {
        throw e;
      }
      return load(federation, tables); // Another run has kept its next rounds meanwhile.
    }
    int round = federation.server().round();
    for (Table table : tables) {
      if (round > 0 && (table == tables.get(0) || Files.exists(file(table)))) {
        read(table, round);
      }
    }
    return round > 0;
  }

  /**
   * Trains, with no other run in the folder.
   *
   * @throws UserError before that, if the folder cannot be written, or another run trains in it, or
   *     has since it was read: what that one kept would be lost
   */
  void alone(Runnable training) {
    WorkFolder taken = WorkFolder.take(folder, "run");
    try (taken) {
      FileTime now = now();
      if (now != null && !now.equals(known)) {
        throw new UserError(
            "another run has gone on in " + folder + " meanwhile; start this one again from there");
      }
      training.run();
    }
  }

  /** Whether it is time to save. */
  boolean isDue() {
    return System.nanoTime() - saved > BETWEEN_NANOS;
  }

  /**
   * Saves a run. Tables are written first: if the process ends in between, their surplus rows are
   * dropped when they are read.
   */
  void save(Federation federation, List<Table> tables) {
    boolean interrupted = Thread.interrupted(); // or it could write nothing
    try {
      for (Table table : tables) {
        StringWriter rows = new StringWriter();
        table.write().csv(rows);
        AtomicFile.write(file(table), rows.toString());
      }
      Checkpoint.save(federation, folder, owner);
      known = now();
      saved = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a run in " + folder, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Path file(Table table) {
    return folder.resolve(table.name() + ".csv");
  }

  private void read(Table table, int round) {
    Path file = file(table);
    try {
      var asWritten =
          CsvReadOptions.builder(file.toFile()).columnTypes(name -> table.column(name).type());
      Table kept = Table.read().csv(asWritten);
      table.append(kept.where(kept.intColumn("round").isLessThanOrEqualTo(round)));
    } catch (RuntimeException e) { // Tablesaw's own
      throw new UserError(
          file + " is missing or damaged; keep the run in another folder, or delete this one", e);
    }
  }

  private FileTime now() {
    return Uncheck.get(() -> Checkpoint.written(folder), () -> "cannot look into " + folder);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
