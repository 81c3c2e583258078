package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.data.WritableFolder;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.StoppableEngine;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Engine;
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
 * <p>Where {@link Progress#stopping()} says so, or a file cannot be written any more, every cell
 * keeps its finished rounds and the sweep ends early.
 */
public final class Sweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /**
   * How to run, none of which changes a result.
   *
   * @param out the results folder
   * @param state where checkpoints and finished cells are kept
   * @param data where image sets are
   * @param workers threads, each with a model of its own
   * @param executor what computes networks
   * @param fresh whether to forget checkpoints and finished cells first
   * @param keepPublished whether rows that stand in {@code out} already count as finished
   * @param betweenCheckpoints how long a crash may throw a cell back
   * @param models where the averages that cells end with are kept; null to keep none
   */
  public record Options(
      Path out,
      Path state,
      Path data,
      int workers,
      Executor executor,
      boolean fresh,
      boolean keepPublished,
      Duration betweenCheckpoints,
      Path models) {

    /** Without keeping models. */
    public Options(
        Path out,
        Path state,
        Path data,
        int workers,
        Executor executor,
        boolean fresh,
        boolean keepPublished,
        Duration betweenCheckpoints) {
      this(out, state, data, workers, executor, fresh, keepPublished, betweenCheckpoints, null);
    }

    /** On all cores of this machine, with the usual places for data and state. */
    public static Options into(Path out) {
      return new Options(
          out,
          out.resolveSibling(out.getFileName() + "-state"),
          DataHome.resolve(null),
          Runtime.getRuntime().availableProcessors(),
          Executor.AUTO,
          false,
          false,
          Duration.ofSeconds(20));
    }
  }

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
  private final Options options;
  private final Progress progress;
  private final IntFunction<Engine> engines;
  private final CellBuilder builder;
  private final ResultsFolder results;
  private final KeptModels models;
  private final Path state;

  /** What is kept in the state, to be written into the results. */
  private final Map<String, FinishedCell> finished = new LinkedHashMap<>();

  /** The same, and what is trusted as it stands in the results. */
  private final Map<String, FinishedCell> ended = new LinkedHashMap<>();

  private final Map<Cell, String> failed = new LinkedHashMap<>();

  private final Drivers drivers = new Drivers(this::stopping);
  private final List<FolderLock> locks = new ArrayList<>();
  private int ofOtherImages;
  private List<Cell> pending;
  private Map<Cell, Double> projected;
  private Set<Cell> unfinished;
  private volatile UncheckedIOException broken;

  public Sweep(Experiment experiment, Options options, Progress progress) {
    this(experiment, options, progress, ThreadEngine::new);
  }

  Sweep(Experiment experiment, Options options, Progress progress, IntFunction<Engine> engines) {
    this(
        experiment,
        options,
        progress,
        engines,
        new CellBuilder(new DataShelf(options.data()), options.executor()));
  }

  /**
   * @param builder shared by sweeps, so that each image set is read once
   */
  Sweep(
      Experiment experiment,
      Options options,
      Progress progress,
      IntFunction<Engine> engines,
      CellBuilder builder) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.engines = engines;
    this.builder = builder;
    this.results = new ResultsFolder(options.out(), experiment);
    this.models = options.models() == null ? null : new KeptModels(options.models(), experiment);
    this.state = state(options, experiment);
  }

  static Path state(Options options, Experiment experiment) {
    return options
        .state()
        .resolve(experiment.scale())
        .resolve(experiment.paper())
        .resolve(experiment.name());
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

  /**
   * Takes the sweep's lock, and looks for whatever could end it half-way: folders that cannot be
   * written, image sets, partitions.
   */
  void check(Problems problems) {
    WritableFolder.require("results", results.folder());
    WritableFolder.require("unfinished work", state);
    if (models != null) {
      WritableFolder.require("models", models.folder());
    }
    try {
      keep(FolderLock.take(state, "state"), "state in " + state);
      keep(results.lock(), "results in " + results.folder());
      pending = pending();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot keep state in " + state + " or results in " + results.folder(), e);
    }
    unfinished = ConcurrentHashMap.newKeySet();
    unfinished.addAll(pending);
    for (Cell cell : pending) {
      problems.attempt(experiment.path() + " " + cell, () -> builder.requireLayers(cell));
      String set = cell.configuration().data().set();
      if (problems.attempt("data", () -> builder.shelf().whole(set)) != null) {
        problems.attempt(experiment.path() + " " + cell, () -> deal(cell));
      }
    }
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
    projected = new LinkedHashMap<>();
    for (Cell cell : pending) {
      requireGoingOn();
      projected.put(cell, projection.seconds(builder.build(cell), cell));
    }
    progress.planned(experiment, projected);
  }

  private void requireGoingOn() {
    if (progress.stopping()) {
      throw new StoppedException();
    }
  }

  private void keep(FolderLock lock, String what) {
    if (lock == null) {
      throw new UserError(
          "%s is being run already, with its %s; let it end, or name another folder"
              .formatted(experiment.path(), what));
    }
    locks.add(lock);
  }

  @Override
  public void close() {
    try {
      while (!locks.isEmpty()) {
        locks.remove(locks.size() - 1).close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot let go of " + state + " or " + results.folder(), e);
    }
  }

  /** Cells that have not come to their end. */
  private List<Cell> pending() throws IOException {
    Map<String, FinishedCell> published = options.keepPublished() ? results.published() : Map.of();
    List<Cell> cells = new ArrayList<>();
    for (Cell cell : experiment.cells()) {
      Path folder = folder(cell);
      if (options.fresh()) {
        delete(folder);
      }
      FinishedCell kept = FinishedCell.read(folder, cell);
      FinishedCell done = kept != null ? kept : published.get(cell.id());
      if (done != null && !done.isOf(images(cell))) {
        ofOtherImages++;
        done = null;
      } else if (kept != null) {
        finished.put(cell.id(), kept);
      }
      if (done == null || !done.answers(cell)) {
        cells.add(cell);
        continue;
      }
      ended.put(cell.id(), done);
      if (kept != null) {
        FinishedCell.clear(folder); // all that a kill may have left
      } else {
        delete(folder);
      }
    }
    return cells;
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
    if (ofOtherImages > 0) {
      progress.say("run again, since their images were others: %s cells".formatted(ofOtherImages));
    }
    long without = models == null ? 0 : ended.values().stream().filter(models::lacks).count();
    if (without > 0) {
      progress.say(without + " cells ended before their models were kept; --fresh runs them again");
    }
    if (!pending.isEmpty()) {
      results.write(experiment, finished, progress::say); // whatever becomes of the rest
      runAll();
    }
    if (broken != null) {
      throw broken;
    }
    Outcome outcome;
    synchronized (finished) {
      results.write(experiment, finished, progress::say);
      outcome = new Outcome(results.folder(), pending.size(), failed, diverged(), accuracies());
    }
    progress.ended(experiment, outcome);
    return outcome;
  }

  private Map<Cell, String> diverged() {
    Map<Cell, String> diverged = new LinkedHashMap<>();
    for (Cell cell : experiment.cells()) {
      FinishedCell done = ended.get(cell.id());
      if (done != null) {
        RoundsTable.divergence(done.tables())
            .ifPresent(round -> diverged.put(cell, DivergedException.words(round)));
      }
    }
    return diverged;
  }

  private Map<Cell, Double> accuracies() {
    Map<Cell, Double> accuracies = new LinkedHashMap<>();
    for (Cell cell : experiment.cells()) {
      if (!unfinished.contains(cell)) {
        accuracies.put(cell, Summary.accuracy(cell, ended.get(cell.id()).tables()));
      }
    }
    return accuracies;
  }

  private void runAll() {
    // The longest first, so that no core is left with a long one at the end.
    List<Cell> order = new ArrayList<>(pending);
    order.sort(Comparator.comparing(projected::get).reversed());
    Map<String, Object> environment = Environment.here(options.executor());
    try (Engine engine = new StoppableEngine(engines.apply(options.workers()), this::stopping)) {
      drivers.run(order, options.workers(), cell -> runOne(cell, engine, environment));
    }
  }

  private boolean stopping() {
    return broken != null || progress.stopping();
  }

  private void runOne(Cell cell, Engine engine, Map<String, Object> environment) {
    try {
      CellBuilder.Built built = builder.build(cell);
      CellRun run =
          new CellRun(
              cell,
              built,
              engine,
              folder(cell),
              options.betweenCheckpoints(),
              environment,
              progress);
      drivers.watch(cell, run::atRest);
      Tables tables;
      try {
        tables = run.run();
        if (models != null && RoundsTable.divergence(tables).isEmpty()) {
          models.keep(cell, built, cell.configuration().rounds(), run.scored());
        }
      } finally {
        engine.release(built.problem());
      }
      if (cell.arm() == Arm.FEDERATED) {
        PartitionTable.add(tables, cell, built.deal(), built.data());
      }
      finish(cell, built, tables, run.seconds(), run.environment());
    } catch (StoppedException e) {
      LOG.debug("{} stopped", cell);
    } catch (UncheckedIOException e) {
      broken = e; // what cannot be written for one cell cannot be for the next
    } catch (IOException e) {
      broken = new UncheckedIOException("cannot keep the finished cell in " + folder(cell), e);
    } catch (Throwable e) { // Errors too: one cell's must not cost the others.
      LOG.debug("{} failed", cell, e);
      String why = e instanceof Error || e.getMessage() == null ? e.toString() : e.getMessage();
      synchronized (finished) {
        failed.put(cell, why);
      }
      progress.failed(cell, why);
    }
  }

  private void finish(
      Cell cell,
      CellBuilder.Built built,
      Tables tables,
      double seconds,
      Map<String, Object> environment)
      throws IOException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("set", built.data().name());
    data.put("sha256", built.data().sha256());
    data.put("note", built.data().note());
    Map<String, Object> timing = new LinkedHashMap<>();
    timing.put("seconds", Math.round(seconds * 1000) / 1000.0);
    timing.put("workers", options.workers());
    FinishedCell done = new FinishedCell(cell.id(), tables, environment, data, timing);
    Path folder = folder(cell);
    done.write(folder);
    synchronized (finished) {
      finished.put(cell.id(), done);
      ended.put(cell.id(), done);
      results.write(experiment, finished, progress::say);
    }
    unfinished.remove(cell);
    FinishedCell.clear(folder);
    progress.finished(cell, seconds);
  }

  private Path folder(Cell cell) {
    return state.resolve(cell.id());
  }

  static void delete(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete old state in " + folder, e);
    }
  }
}
