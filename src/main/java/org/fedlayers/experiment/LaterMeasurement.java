package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;

/**
 * Measures kept models of finished cells, without training: adds to the results the rows that the
 * run itself would have written at its end.
 */
public final class LaterMeasurement {
  private final Experiment experiment;
  private final Sweep.Options options;
  private final Progress progress;
  private final CellBuilder builder;
  private final ResultsFolder results;
  private final KeptModels models;
  private final Path state;
  private final Drivers drivers;

  /** What is there of a cell that lacks rows. */
  private record Lacking(FinishedCell done, CellBuilder.Built built, KeptModels.Kept kept) {}

  /**
   * @param options with a folder of models
   */
  public LaterMeasurement(Experiment experiment, Sweep.Options options, Progress progress) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    results = new ResultsFolder(options.out(), experiment);
    models = new KeptModels(options.models(), experiment);
    state = Sweep.state(options, experiment);
    drivers = new Drivers(progress::stopping);
  }

  /**
   * Looks at every cell first, then measures those that lack rows and writes each when it is done.
   *
   * @return how many cells were measured
   * @throws UserError with everything that stands in the way, before anything is measured
   */
  public int run() {
    try (FolderLock here = results.lock();
        FolderLock there = FolderLock.take(state, "state")) {
      if (here == null || there == null) {
        throw new UserError(experiment.path() + " is being run; let it end first");
      }
      Map<Cell, Lacking> lacking = lacking();
      drivers.run(
          List.copyOf(lacking.keySet()),
          options.workers(),
          cell -> measure(cell, lacking.get(cell)));
      return lacking.size();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write results in " + results.folder(), e);
    }
  }

  private Map<Cell, Lacking> lacking() {
    Map<Cell, Lacking> lacking = new LinkedHashMap<>();
    Map<String, FinishedCell> published = results.published();
    Problems problems = new Problems();
    for (Cell cell : experiment.cells()) {
      FinishedCell done = published.get(cell.id());
      if (done == null) {
        problems.add(cell.toString(), "no rows of it in " + results.folder() + "; run it first");
      } else if (!done.answers(cell) && Measurements.missingAtEnd(cell, done.tables()).isEmpty()) {
        progress.say(cell + " lacks what only a run can measure, while it trains");
      } else if (!done.answers(cell)) {
        problems.attempt(cell.toString(), () -> lacking.put(cell, lacking(cell, done)));
      }
    }
    problems.throwIfAny(experiment.path());
    return lacking;
  }

  private Lacking lacking(Cell cell, FinishedCell done) {
    if (!models.has(cell.id())) {
      throw new UserError(
          "no model of it in " + models.folder() + "; 'run --keep-models --fresh' leaves one");
    }
    CellBuilder.Built built = builder.build(cell);
    String average = Measurements.model(cell);
    return new Lacking(
        done, built, models.read(cell, average, built.network(), built.data().sha256()));
  }

  private void measure(Cell cell, Lacking lacking) {
    drivers.watch(cell, () -> true); // measuring again loses nothing else
    Tables tables = Tables.of(lacking.done().tables().all());
    Cell end = Measurements.onlyMissingAtEnd(cell, tables);
    try {
      new Measurements(end, lacking.built(), new Schedule(end.configuration()))
          .atEnd(lacking.kept().average(), lacking.kept().round(), tables);
    } catch (DivergedException e) {
      progress.diverged(cell, e.getMessage());
      return;
    }
    try {
      write(cell, lacking.done().with(tables));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write what was measured of " + cell, e);
    }
  }

  private synchronized void write(Cell cell, FinishedCell done) throws IOException {
    Path own = state.resolve(cell.id());
    if (FinishedCell.read(own, cell) != null) {
      done.write(own); // or the next run would train it again
    }
    results.write(experiment, Map.of(done.id(), done), progress::say);
    String without = done.answers(cell) ? "" : ", without what only a run can measure";
    progress.say("measured " + cell + without);
  }
}
