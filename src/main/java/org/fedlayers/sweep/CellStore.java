package org.fedlayers.sweep;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.io.file.PathUtils;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.RunOptions.Start;

/**
 * The files of an experiment's cells: for each cell a folder of state, which holds its checkpoint
 * or its finished rows, and one results folder, which all finished rows are written into.
 */
final class CellStore {
  private final Experiment experiment;
  private final Path state;
  private final ResultsFolder results;
  private final Consumer<String> say;

  /** Finished cells with nothing left to do: of the state folders, or trusted in the results. */
  private final Map<String, FinishedCell> ended = new LinkedHashMap<>();

  /**
   * @param say is told which rows are lost
   */
  CellStore(Experiment experiment, RunOptions options, Consumer<String> say) {
    this.experiment = experiment;
    this.say = say;
    state = experiment.in(options.state());
    results = new ResultsFolder(options.out(), experiment);
  }

  /** The state folder of a cell. */
  Path folder(Cell cell) {
    return state.resolve(cell.id());
  }

  /** Locks the state and results folders; the caller closes the locks, the last first. */
  void take(Deque<WorkFolder> held) {
    held.push(WorkFolder.take(state, "state"));
    held.push(WorkFolder.take(results.folder(), "results"));
  }

  /**
   * Finds the cells that have not come to their end, and forgets what others needed on their way.
   *
   * @param images the fingerprint of a cell's images, null where it has none
   * @return these cells with what there is of them: all rounds, but not all that is asked for; or
   *     null
   * @throws UserError if the results hold rows that would be lost
   */
  Map<Cell, FinishedCell> pending(RunOptions options, Function<Cell, String> images) {
    boolean trusts = options.start() == Start.RESULTS || options.start() == Start.MODELS;
    Map<String, FinishedCell> there = results.published(); // They are read to be written into.
    Map<String, FinishedCell> published = trusts ? there : Map.of();
    Map<Cell, FinishedCell> lacking = new LinkedHashMap<>();
    boolean anew = options.start() == Start.NOTHING;
    if (!anew) {
      requireKept(there);
    }
    int ofOthers = 0;
    int begunAgain = 0;
    for (Cell cell : experiment.cells()) {
      FinishedCell own = anew ? null : FinishedCell.read(folder(cell), cell);
      FinishedCell done = own != null ? own : published.get(cell.id());
      if (done != null && !done.isOf(images.apply(cell))) {
        ofOthers++;
        done = null;
      }
      if (done == null || !done.answers(cell)) {
        lacking.put(cell, done);
      } else {
        ended.put(cell.id(), done);
        if (own != null) {
          FinishedCell.clear(folder(cell));
        } else if (Checkpoint.isIn(folder(cell))) {
          begunAgain++;
        } else {
          delete(folder(cell));
        }
      }
    }
    if (ofOthers > 0) {
      say.accept(
          "cells that are run again, since their images were others: %s".formatted(ofOthers));
    }
    if (begunAgain > 0) {
      say.accept(
          "cells whose rows are there, and which were begun again: %d; 'run' goes on with them"
              .formatted(begunAgain));
    }
    return lacking;
  }

  /** Rows of cells that the experiment does not have make way only if the state keeps them. */
  private void requireKept(Map<String, FinishedCell> there) {
    Set<String> others = results.unknown(there);
    others.removeIf(id -> FinishedCell.isKept(state.resolve(id)));
    if (!others.isEmpty()) {
      throw new UserError(
          ("%s holds %s cells that %s does not have by these settings: they would be lost."
                  + " Write into another folder (--out), move this one away, or drop them (--fresh)")
              .formatted(results.folder(), others.size(), experiment.path()));
    }
  }

  /** Forgets what was done of these cells; when nothing can stop the run any more. */
  void forget(Collection<Cell> cells) {
    cells.forEach(cell -> delete(folder(cell)));
  }

  /** Keeps a cell that has come to its end, in the state first. */
  void finish(Cell cell, FinishedCell done) {
    done.write(folder(cell));
    synchronized (this) {
      ended.put(cell.id(), done);
      publish();
    }
    FinishedCell.clear(folder(cell));
  }

  /** Writes the finished cells into the results. */
  synchronized void publish() {
    results.write(ended, say);
  }

  /** Cells that have come to their end, in the order of tables. */
  synchronized Map<Cell, FinishedCell> ended() {
    Map<Cell, FinishedCell> cells = new LinkedHashMap<>();
    experiment.cells().forEach(cell -> cells.put(cell, ended.get(cell.id())));
    cells.values().removeIf(Objects::isNull);
    return cells;
  }

  static void delete(Path folder) {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Uncheck.run(() -> PathUtils.delete(folder), () -> "cannot delete old state in " + folder);
    }
  }
}
