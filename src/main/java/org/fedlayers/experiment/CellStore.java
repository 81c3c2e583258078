package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.io.file.PathUtils;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.experiment.RunOptions.Start;

/**
 * What has come of an experiment's cells so far: a folder of state for each, with its checkpoint or
 * with its rows, and the results that all of these rows are written into.
 */
final class CellStore {
  private final Experiment experiment;
  private final Path state;
  private final ResultsFolder results;
  private final Consumer<String> say;

  /** What the state has, to be written into the results. */
  private final Map<String, FinishedCell> kept = new LinkedHashMap<>();

  /** The same and what is trusted as it stands in the results, where nothing is left to do. */
  private final Map<String, FinishedCell> ended = new LinkedHashMap<>();

  /**
   * @param say hears of rows that are lost
   */
  CellStore(Experiment experiment, RunOptions options, Consumer<String> say) {
    this.experiment = experiment;
    this.say = say;
    state = experiment.in(options.state());
    results = new ResultsFolder(options.out(), experiment);
  }

  ResultsFolder results() {
    return results;
  }

  /** The state of a cell. */
  Path folder(Cell cell) {
    return state.resolve(cell.id());
  }

  /** Takes state and results; what was taken is to be closed, the last first. */
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
   */
  Map<Cell, FinishedCell> pending(RunOptions options, Function<Cell, String> images) {
    boolean trusts = options.start() == Start.RESULTS || options.start() == Start.MODELS;
    Map<String, FinishedCell> published = trusts ? results.published() : Map.of();
    Map<Cell, FinishedCell> lacking = new LinkedHashMap<>();
    int ofOthers = 0;
    for (Cell cell : experiment.cells()) {
      if (options.start() == Start.NOTHING) {
        delete(folder(cell));
      }
      FinishedCell own = FinishedCell.read(folder(cell), cell);
      FinishedCell done = own != null ? own : published.get(cell.id());
      if (done != null && !done.isOf(images.apply(cell))) {
        ofOthers++;
        done = null;
      } else if (own != null) {
        kept.put(cell.id(), own);
      }
      if (done == null || !done.answers(cell)) {
        lacking.put(cell, done);
      } else {
        ended.put(cell.id(), done);
        if (own != null) {
          FinishedCell.clear(folder(cell));
        } else {
          delete(folder(cell));
        }
      }
    }
    if (ofOthers > 0) {
      say.accept("run again, since their images were others: %s cells".formatted(ofOthers));
    }
    return lacking;
  }

  /** Keeps a cell that has come to its end, in the state first. */
  void finish(Cell cell, FinishedCell done) {
    done.write(folder(cell));
    synchronized (this) {
      kept.put(cell.id(), done);
      ended.put(cell.id(), done);
      publish();
    }
    FinishedCell.clear(folder(cell));
  }

  /** Writes what the state has into the results. */
  synchronized void publish() {
    results.write(kept, say);
  }

  /** Cells that have come to their end, in the order of tables. */
  synchronized Map<Cell, FinishedCell> ended() {
    Map<Cell, FinishedCell> cells = new LinkedHashMap<>();
    for (Cell cell : experiment.cells()) {
      if (ended.containsKey(cell.id())) {
        cells.put(cell, ended.get(cell.id()));
      }
    }
    return cells;
  }

  static void delete(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      PathUtils.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete old state in " + folder, e);
    }
  }
}
