package org.fedlayers.sweep;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fedlayers.data.Randomness;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cells of an experiment that have not come to their end yet. As many cells run side by
 * side as there are workers, so that arms with a single client keep every core busy; all share one
 * engine. Neither the number of workers nor the order of cells changes a result.
 *
 * <p>Where {@link SweepProgress#stopping()} says so, or a file cannot be written any more, every
 * cell keeps its finished rounds and the sweep ends early.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int POLL_MILLISECONDS = 100;

  /**
   * How it ended.
   *
   * @param ran cells that were to be run now
   * @param failed messages of cells that failed, by cell
   * @param diverged in which round cells diverged to NaN or infinity, whenever they ran, and what
   *     to try
   * @param accuracies of finished cells at the end of their run, in [0, 1], under the model that is
   *     scored first; NaN for those that diverged
   */
  public record Outcome(
      int ran,
      Map<Cell, String> failed,
      Map<Cell, String> diverged,
      Map<Cell, Double> accuracies) {}

  private final Experiment experiment;
  private final RunOptions options;
  private final SweepProgress progress;
  private final CellBuilder builder;
  private final CellStore store;
  private final KeptModels models;
  private final Map<Cell, String> failed = Collections.synchronizedMap(new LinkedHashMap<>());

  /** Cells in training, which have rounds to keep before the process may end. */
  private final Set<Cell> keeping = ConcurrentHashMap.newKeySet();

  /** Cells to be run now, with what there is of them, and how many seconds they will take. */
  private Map<Cell, FinishedCell> pending;

  private final Map<Cell, Double> projected = new LinkedHashMap<>();

  private volatile UncheckedIOException broken;

  public Sweep(Experiment experiment, RunOptions options, SweepProgress progress) {
    this(experiment, options, progress, CellBuilder.of(options));
  }

  private Sweep(
      Experiment experiment, RunOptions options, SweepProgress progress, CellBuilder builder) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.builder = builder;
    this.store = new CellStore(experiment, options, progress::say);
    this.models = options.models() == null ? null : new KeptModels(options.models(), experiment);
  }

  /**
   * Checks everything, then runs.
   *
   * @throws UserError if the data cannot be split as asked for, a folder cannot be written, or
   *     another process holds its lock
   */
  public Outcome run() {
    return run(List.of(this), progress).get(experiment);
  }

  /**
   * Runs several experiments, one after another. All of them are checked before the first begins,
   * so that the last is not refused after hours; each image set is read once.
   *
   * @return how each experiment ended, as far as they were begun before {@link
   *     SweepProgress#stopping()}
   * @throws UserError with everything that stands in the way, before anything is run
   * @throws StoppedException if that was asked for before anything was run
   */
  public static Map<Experiment, Outcome> run(
      List<Experiment> experiments, RunOptions options, SweepProgress progress) {
    CellBuilder builder = CellBuilder.of(options);
    var sweeps =
        experiments.stream().map(one -> new Sweep(one, options, progress, builder)).toList();
    return run(sweeps, progress);
  }

  private static Map<Experiment, Outcome> run(List<Sweep> sweeps, SweepProgress progress) {
    Map<Experiment, Outcome> outcomes = new LinkedHashMap<>();
    Deque<WorkFolder> held = new ArrayDeque<>();
    try {
      Problems problems = new Problems();
      for (Sweep sweep : sweeps) {
        sweep.take(held);
        sweep.check(problems);
      }
      problems.throwIfAny(sweeps.size() == 1 ? sweeps.get(0).experiment.path() : "the run");
      sweeps.forEach(Sweep::plan);
      for (Sweep sweep : sweeps) {
        if (!progress.stopping()) {
          outcomes.put(sweep.experiment, sweep.runPlanned());
        }
      }
      return outcomes;
    } finally {
      held.forEach(WorkFolder::close); // the last first: with it goes what was made for it
      progress.close();
    }
  }

  /** The cells of an experiment that a run with these options would not train. */
  public static Set<Cell> finished(Experiment experiment, RunOptions options) {
    Set<String> published =
        options.start() == RunOptions.Start.RESULTS
            ? new ResultsFolder(experiment.in(options.out())).published().keySet()
            : Set.of();
    Path state = experiment.in(options.state());
    return experiment.cells().stream()
        .filter(
            cell ->
                published.contains(cell.id())
                    || options.start() != RunOptions.Start.NOTHING
                        && FinishedCell.isKept(state.resolve(cell.id())))
        .collect(Collectors.toSet());
  }

  /**
   * Checks what {@link #run(List, RunOptions, SweepProgress)} would check of these cells before it
   * trains; no folder is taken and no file is touched.
   *
   * @throws UserError with everything that stands in the way
   */
  public static void check(Map<Experiment, ? extends Collection<Cell>> cells, RunOptions options) {
    CellBuilder builder = CellBuilder.of(options);
    Problems problems = new Problems();
    cells.forEach(
        (experiment, own) ->
            new Sweep(experiment, options, new SweepProgress() {}, builder).check(own, problems));
    problems.throwIfAny("the run");
  }

  /** Takes the folders that it writes into. */
  private void take(Deque<WorkFolder> held) {
    store.take(held);
    if (models != null && !measures()) {
      held.push(WorkFolder.take(models.folder(), "models"));
    }
  }

  /** Whether it measures models that others have trained. */
  private boolean measures() {
    return options.start() == RunOptions.Start.MODELS;
  }

  /**
   * Checks everything that could stop the sweep half-way: image sets, partitions, layers, models.
   */
  private void check(Problems problems) {
    pending = store.pending(options, this::images);
    if (measures()) {
      pending.entrySet().removeIf(cell -> needsTraining(cell.getKey(), cell.getValue()));
    }
    check(pending.keySet(), problems);
  }

  private void check(Collection<Cell> cells, Problems problems) {
    for (Cell cell : cells) {
      String place = experiment.path() + " " + cell;
      problems.attempt(place, () -> builder.requireLayers(cell));
      String set = cell.configuration().data().set();
      if (problems.attempt("data", () -> builder.cache().whole(set)) != null) {
        problems.attempt(place, () -> measures() ? requireModel(cell) : requirePartition(cell));
      }
    }
  }

  private boolean needsTraining(Cell cell, FinishedCell done) {
    boolean needed = done != null && Measurements.missingAtEnd(cell, done.tables()).isEmpty();
    if (needed) {
      progress.say(cell, "lacks what only a run can measure, while it trains");
    }
    return needed;
  }

  private Object requireModel(Cell cell) {
    if (pending.get(cell) == null) {
      throw new UserError("no rows of it in " + experiment.in(options.out()) + "; run it first");
    }
    if (Checkpoint.isIn(store.folder(cell))) {
      throw new UserError(
          "it was begun again, in " + store.folder(cell) + "; finish it first ('run')");
    }
    String sha256 = builder.cache().of(cell.configuration()).sha256();
    return models.read(cell, pending.get(cell), cell.configuration().network(), sha256);
  }

  private Object requirePartition(Cell cell) {
    requireGoingOn();
    Measurements.check(cell, builder.cache().of(cell.configuration()).test().size());
    return builder.split(cell, new Randomness(cell.seed()));
  }

  private void plan() {
    if (options.start() == RunOptions.Start.NOTHING) {
      store.forget(pending.keySet());
    }
    if (!measures()) {
      // A library that cannot be loaded is reported before anything is run.
      pending.keySet().stream().limit(1).forEach(one -> builder.build(one).models().get().close());
    }
    for (Cell cell : pending.keySet()) {
      int tested = builder.cache().of(cell.configuration()).test().size();
      projected.put(cell, measures() ? 0 : NominalHours.seconds(cell, tested));
    }
    progress.planned(experiment, projected);
  }

  private void requireGoingOn() {
    if (progress.stopping()) {
      throw new StoppedException();
    }
  }

  /**
   * The fingerprint of a cell's images; null where they are missing, which {@link #check} reports.
   */
  private String images(Cell cell) {
    try {
      return builder.cache().of(cell.configuration()).sha256();
    } catch (UserError e) {
      return null;
    }
  }

  private Outcome runPlanned() {
    progress.began(experiment);
    if (models != null && !measures()) {
      long without = store.ended().values().stream().filter(models::lacks).count();
      if (without > 0) {
        progress.say(
            "cells that ended before their models were kept: %d; --fresh runs them again"
                .formatted(without));
      }
    }
    store.publish(); // whatever becomes of the rest
    if (!pending.isEmpty()) {
      runAll();
    }
    if (broken != null) {
      throw broken;
    }
    Map<Cell, String> diverged = new LinkedHashMap<>();
    Map<Cell, Double> accuracies = new LinkedHashMap<>();
    store
        .ended()
        .forEach(
            (cell, done) -> {
              accuracies.put(cell, done.tables().accuracy(cell.configuration().scoring().first()));
              done.tables()
                  .divergence()
                  .ifPresent(round -> diverged.put(cell, DivergedException.words(round)));
            });
    Outcome outcome = new Outcome(pending.size(), failed, diverged, accuracies);
    progress.ended(experiment, outcome);
    return outcome;
  }

  /**
   * Once all are to stop, cells are waited for as long as they have rounds to keep, but not for
   * what they measure after that.
   */
  private void runAll() {
    // The longest first, so that no core is left with a long one at the end.
    List<Cell> order = new ArrayList<>(pending.keySet());
    order.sort(Comparator.comparing(projected::get).reversed());
    Map<String, Object> environment = Environment.here(options.executor());
    ExecutorService pool = Executors.newFixedThreadPool(options.workers());
    try (Engine engine = options.engines().apply(options.workers())) {
      order.forEach(cell -> pool.execute(() -> runOne(cell, engine, environment)));
      pool.shutdown();
      while (!pool.awaitTermination(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        if (stopping() && keeping.isEmpty()) {
          return; // an interrupt could hit a file that is being written
        }
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells were running", e);
    }
  }

  private boolean stopping() {
    return broken != null || progress.stopping();
  }

  private void runOne(Cell cell, Engine engine, Map<String, Object> environment) {
    if (!measures()) {
      keeping.add(cell);
    }
    try {
      if (!stopping() && measures()) {
        FinishedCell before = pending.get(cell);
        CellBuilder.Built built = builder.build(cell);
        store.finish(cell, models.measure(cell, before, built, environment, options.workers()));
        progress.say(cell, "measured");
      } else if (!stopping()) {
        train(cell, engine, environment);
      }
    } catch (StoppedException e) {
      LOG.debug("{} stopped", cell);
    } catch (UncheckedIOException e) {
      broken = e; // what cannot be written for one cell cannot be for the next
    } catch (Throwable e) { // Errors too: one cell's must not cost the others.
      LOG.debug("{} failed", cell, e);
      String why = CellFailure.words(e);
      failed.put(cell, why);
      progress.say(cell, "failed: " + why);
    } finally {
      keeping.remove(cell);
    }
  }

  private void train(Cell cell, Engine engine, Map<String, Object> environment) {
    CellBuilder.Built built = builder.build(cell);
    Path folder = store.folder(cell);
    CellRun run =
        new CellRun(cell, built, engine, folder, options, environment, progress, this::stopping);
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
    FinishedCell done;
    try {
      done = run.run(() -> keeping.remove(cell));
      if (models != null && done.tables().divergence().isEmpty()) {
        models.keep(cell, done, built, run.scored());
      }
    } finally {
      engine.release(built.problem());
    }
    store.finish(cell, done);
    progress.finished(cell, run.seconds());
  }
}
