package org.fedlayers.experiment;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cells of an experiment that have not come to their end yet. As many cells are in flight
 * as there are workers, so that arms with a single client keep every core busy; all share one
 * engine. Neither that nor the order of cells shows in the results.
 *
 * <p>Where {@link SweepProgress#stopping()} says so, or a file cannot be written any more, every
 * cell keeps its finished rounds and the sweep ends early.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /**
   * How it ended.
   *
   * @param folder where the results are
   * @param ran cells that were to be run now
   * @param failed messages of cells that failed, by cell
   * @param diverged in which round cells left the finite numbers, whenever they ran, and what to
   *     try
   * @param accuracies of finished cells at the end of their run, in [0, 1], under the model that is
   *     scored first; NaN for those that diverged
   */
  public record Outcome(
      Path folder,
      int ran,
      Map<Cell, String> failed,
      Map<Cell, String> diverged,
      Map<Cell, Double> accuracies) {}

  private final Experiment experiment;
  private final RunOptions options;
  private final SweepProgress progress;
  private final IntFunction<Engine> engines;
  private final CellBuilder builder;
  private final CellStore store;
  private final KeptModels models;
  private final Drivers drivers = new Drivers(this::stopping);
  private final Map<Cell, String> failed = Collections.synchronizedMap(new LinkedHashMap<>());

  /** Cells to be run now, with what there is of them, and how many seconds they will take. */
  private Map<Cell, FinishedCell> pending;

  private final Map<Cell, Double> projected = new LinkedHashMap<>();

  private volatile UncheckedIOException broken;

  public Sweep(Experiment experiment, RunOptions options, SweepProgress progress) {
    this(
        experiment,
        options,
        progress,
        ThreadEngine::new,
        new CellBuilder(new DataShelf(options.data()), options.executor()));
  }

  /**
   * @param builder shared by sweeps, so that each image set is read once
   */
  Sweep(
      Experiment experiment,
      RunOptions options,
      SweepProgress progress,
      IntFunction<Engine> engines,
      CellBuilder builder) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.engines = engines;
    this.builder = builder;
    this.store = new CellStore(experiment, options, progress::say);
    this.models = options.models() == null ? null : new KeptModels(options.models(), experiment);
  }

  /**
   * Checks everything, then runs.
   *
   * @throws UserError if the data cannot be dealt as asked for, a folder cannot be written, or
   *     another process is at it
   */
  public Outcome run() {
    return Sweeps.run(List.of(this), progress).get(experiment);
  }

  /** Takes the folders that it writes into. */
  void take(Deque<WorkFolder> held) {
    store.take(held);
    if (models != null && !measures()) {
      held.push(WorkFolder.take(models.folder(), "models"));
    }
  }

  /** Whether it measures models that others have trained. */
  private boolean measures() {
    return options.start() == RunOptions.Start.MODELS;
  }

  /** Looks for whatever could end it half-way: image sets, partitions, layers, models. */
  void check(Problems problems) {
    pending = store.pending(options, this::images);
    if (measures()) {
      pending.entrySet().removeIf(this::needsTraining);
    }
    for (Cell cell : pending.keySet()) {
      String place = experiment.path() + " " + cell;
      problems.attempt(place, () -> builder.requireLayers(cell));
      String set = cell.configuration().data().set();
      if (problems.attempt("data", () -> builder.shelf().whole(set)) != null) {
        problems.attempt(place, () -> measures() ? kept(cell) : deal(cell));
      }
    }
  }

  private boolean needsTraining(Map.Entry<Cell, FinishedCell> cell) {
    FinishedCell done = cell.getValue();
    boolean needed =
        done != null && Measurements.missingAtEnd(cell.getKey(), done.tables()).isEmpty();
    if (needed) {
      progress.say(cell.getKey(), "lacks what only a run can measure, while it trains");
    }
    return needed;
  }

  /** The model that a finished cell has left. */
  private Federation.Scored kept(Cell cell) {
    if (pending.get(cell) == null) {
      throw new UserError("no rows of it in " + store.results().folder() + "; run it first");
    }
    String sha256 = builder.shelf().of(cell.configuration()).sha256();
    return models.read(cell, cell.configuration().network(), sha256);
  }

  private int[][] deal(Cell cell) {
    requireGoingOn();
    DataSet images = builder.shelf().of(cell.configuration());
    int[][] deal = CellBuilder.deal(cell.configuration(), images, new Randomness(cell.seed()));
    SmallestBatch.check(cell, deal);
    return deal;
  }

  /** Times a few steps of every network. */
  void plan(Projection projection) {
    for (Cell cell : pending.keySet()) {
      requireGoingOn();
      projected.put(cell, measures() ? 0 : projection.seconds(builder.build(cell), cell));
    }
    progress.planned(experiment, projected);
  }

  private void requireGoingOn() {
    if (progress.stopping()) {
      throw new StoppedException();
    }
  }

  /** The fingerprint of a cell's images; null where they are missing, which is told elsewhere. */
  private String images(Cell cell) {
    try {
      return builder.shelf().of(cell.configuration()).sha256();
    } catch (UserError e) {
      return null;
    }
  }

  Experiment experiment() {
    return experiment;
  }

  Outcome runPlanned() {
    progress.began(experiment);
    long without =
        models == null || measures()
            ? 0
            : store.ended().values().stream().filter(models::lacks).count();
    if (without > 0) {
      progress.say(without + " cells ended before their models were kept; --fresh runs them again");
    }
    store.publish(); // whatever becomes of the rest
    if (!pending.isEmpty()) {
      runAll();
    }
    if (broken != null) {
      throw broken;
    }
    Outcome outcome = outcome();
    progress.ended(experiment, outcome);
    return outcome;
  }

  private Outcome outcome() {
    Map<Cell, String> diverged = new LinkedHashMap<>();
    Map<Cell, Double> accuracies = new LinkedHashMap<>();
    store
        .ended()
        .forEach(
            (cell, done) -> {
              String first = cell.configuration().scoring().averages().get(0);
              accuracies.put(cell, done.tables().accuracy(first));
              done.tables()
                  .divergence()
                  .ifPresent(round -> diverged.put(cell, DivergedException.words(round)));
            });
    return new Outcome(store.results().folder(), pending.size(), failed, diverged, accuracies);
  }

  private void runAll() {
    // The longest first, so that no core is left with a long one at the end.
    List<Cell> order = new ArrayList<>(pending.keySet());
    order.sort(Comparator.comparing(projected::get).reversed());
    Map<String, Object> environment = Environment.here(options.executor());
    try (Engine engine = engines.apply(options.workers())) {
      drivers.run(order, options.workers(), cell -> runOne(cell, engine, environment));
    }
  }

  private boolean stopping() {
    return broken != null || progress.stopping();
  }

  private void runOne(Cell cell, Engine engine, Map<String, Object> environment) {
    try {
      if (measures()) {
        measure(cell, environment);
      } else {
        train(cell, engine, environment);
      }
    } catch (StoppedException e) {
      LOG.debug("{} stopped", cell);
    } catch (UncheckedIOException e) {
      broken = e; // what cannot be written for one cell cannot be for the next
    } catch (Throwable e) { // Errors too: one cell's must not cost the others.
      LOG.debug("{} failed", cell, e);
      String why = e instanceof Error || e.getMessage() == null ? e.toString() : e.getMessage();
      failed.put(cell, why);
      progress.say(cell, "failed: " + why);
    }
  }

  private void train(Cell cell, Engine engine, Map<String, Object> environment) {
    CellBuilder.Built built = builder.build(cell);
    Path folder = store.folder(cell);
    Duration between = options.betweenCheckpoints();
    CellRun run =
        new CellRun(cell, built, engine, folder, between, environment, progress, this::stopping);
    engine.introduce(
        built.problem(),
        Json.line(
            Map.of(
                "arm", cell.arm().text(),
                "configuration", cell.configuration().chosen(),
                "seed", cell.seed(),
                "data", options.data().toString(),
                "sha256", built.data().sha256(),
                "environment", Environment.decisive(environment))));
    drivers.watch(cell, run::atRest);
    FinishedCell done;
    try {
      done = run.run(options.workers());
      if (models != null && done.tables().divergence().isEmpty()) {
        models.keep(cell, built, run.scored());
      }
    } finally {
      engine.release(built.problem());
    }
    store.finish(cell, done);
    progress.finished(cell, run.seconds());
  }

  private void measure(Cell cell, Map<String, Object> environment) {
    drivers.watch(cell, () -> true); // measuring again loses nothing else
    store.finish(cell, models.measure(cell, pending.get(cell), builder.build(cell), environment));
    progress.say(cell, "measured");
  }
}
