package org.fedlayers.experiment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.federated.Federation;

/**
 * Measures kept models of finished cells, without training: adds to the results the rows that the
 * run itself would have written at its end.
 */
public final class LaterMeasurement {
  private final Experiment experiment;
  private final RunOptions options;
  private final Progress progress;
  private final CellBuilder builder;
  private final CellStore store;
  private final KeptModels models;
  private final Drivers drivers;

  /** What is there of a cell that lacks rows. */
  private record Lacking(FinishedCell done, CellBuilder.Built built, Federation.Scored model) {}

  /**
   * @param options with a folder of models
   */
  public LaterMeasurement(Experiment experiment, RunOptions options, Progress progress) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    store = new CellStore(experiment, options, progress::say);
    models = new KeptModels(options.models(), experiment);
    drivers = new Drivers(progress::stopping);
  }

  /**
   * Looks at every cell first, then measures those that lack rows and writes each when it is done.
   *
   * @return how many cells were measured
   * @throws UserError with everything that stands in the way, before anything is measured
   */
  public int run() {
    Deque<WorkFolder> held = new ArrayDeque<>();
    try {
      store.take(held);
      Map<Cell, Lacking> lacking = lacking();
      drivers.run(
          List.copyOf(lacking.keySet()),
          options.workers(),
          cell -> measure(cell, lacking.get(cell)));
      return lacking.size();
    } finally {
      held.forEach(WorkFolder::close);
    }
  }

  private Map<Cell, Lacking> lacking() {
    Map<Cell, Lacking> lacking = new LinkedHashMap<>();
    Map<String, FinishedCell> published = store.results().published();
    Problems problems = new Problems();
    for (Cell cell : experiment.cells()) {
      FinishedCell done = published.get(cell.id());
      if (done == null) {
        problems.add(cell.toString(), "no rows of it in " + store.results().folder() + "; run it first");
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
    Tables tables = lacking.done().tables().copy();
    Cell end = Measurements.onlyMissingAtEnd(cell, tables);
    try {
      new Measurements(end, lacking.built(), new Schedule(end.configuration()))
          .atEnd(lacking.model(), Schedule.rounds(cell.configuration()), tables);
    } catch (DivergedException e) {
      progress.say(cell, e.getMessage());
      return;
    }
    FinishedCell done = lacking.done().with(tables);
    store.replace(cell, done);
    String without = done.answers(cell) ? "" : ", without what only a run can measure";
    progress.say("measured " + cell + without);
  }
}
