package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.data.UserError;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cells of an experiment that have not come to their end yet. As many cells are in flight
 * as there are workers, so that arms with a single client keep every core busy; all share one
 * engine. Neither that nor the order of cells shows in the results.
 */
public final class Sweep {
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
   */
  public record Options(
      Path out,
      Path state,
      Path data,
      int workers,
      Executor executor,
      boolean fresh,
      boolean keepPublished,
      Duration betweenCheckpoints) {

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
   * @param ran cells that were run now
   * @param failed messages of cells that failed, by cell
   */
  public record Outcome(Path folder, int ran, Map<Cell, String> failed) {}

  private final Experiment experiment;
  private final Options options;
  private final Progress progress;
  private final IntFunction<Engine> engines;
  private final CellBuilder builder;
  private final ResultsFolder results;
  private final Path state;
  private final Map<String, FinishedCell> finished = new LinkedHashMap<>();
  private final Map<Cell, String> failed = new LinkedHashMap<>();

  public Sweep(Experiment experiment, Options options, Progress progress) {
    this(experiment, options, progress, ThreadEngine::new);
  }

  Sweep(Experiment experiment, Options options, Progress progress, IntFunction<Engine> engines) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.engines = engines;
    this.builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    this.results = new ResultsFolder(options.out(), experiment);
    this.state =
        options
            .state()
            .resolve(experiment.scale())
            .resolve(experiment.paper())
            .resolve(experiment.name());
  }

  /**
   * @throws UserError if the data cannot be dealt as asked for, or another process is at it
   */
  public Outcome run() {
    try {
      Files.createDirectories(state);
      FileChannel lock = lock();
      try {
        return locked();
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep state in " + state, e);
    }
  }

  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // The same answer: somebody is at it.
    }
    channel.close();
    throw new UserError(
        experiment.path() + " is being run already, with its state in " + state + "; let it end");
  }

  private Outcome locked() {
    Map<String, FinishedCell> published = results.published();
    List<Cell> pending = new ArrayList<>();
    finished.putAll(published);
    for (Cell cell : experiment.cells()) {
      if (options.fresh()) {
        delete(folder(cell));
      }
      FinishedCell done = FinishedCell.read(folder(cell));
      if (done != null) {
        finished.put(cell.id(), done);
      } else if (options.keepPublished()) {
        done = published.get(cell.id());
      }
      if (done == null || !done.answers(cell)) {
        pending.add(cell);
      }
    }
    progress.say(
        "%s at %s scale: cells: %d, finished before: %d"
            .formatted(
                experiment.path(),
                experiment.scale(),
                experiment.cells().size(),
                experiment.cells().size() - pending.size()));
    if (!pending.isEmpty()) {
      requireData(pending);
      results.write(experiment, finished); // whatever becomes of the rest
      runAll(pending);
    }
    results.write(experiment, finished);
    return new Outcome(results.folder(), pending.size(), failed);
  }

  /** Loads every image set and deals it for every cell, so that nothing is refused half-way. */
  private void requireData(List<Cell> cells) {
    Problems problems = new Problems();
    for (Cell cell : cells) {
      problems.attempt(
          cell.toString(),
          () -> {
            DataSet images = builder.data(cell.configuration());
            return CellBuilder.deal(cell.configuration(), images, new Randomness(cell.seed()));
          });
    }
    problems.throwIfAny(experiment.path());
  }

  private void runAll(List<Cell> pending) {
    Map<Cell, Double> projected = new Projection(builder).seconds(pending);
    double hours = Projection.hours(projected, options.workers());
    progress.say(
        "projected: %s on %d workers (%s)"
            .formatted(duration(hours), options.workers(), options.executor().resolved()));
    progress.planned(projected);
    long start = System.nanoTime();
    // The longest first, so that no core is left with a long one at the end.
    List<Cell> order = new ArrayList<>(pending);
    order.sort(Comparator.comparing(projected::get).reversed());
    Map<String, Object> environment = Environment.here(options.executor());
    ExecutorService drivers = Executors.newFixedThreadPool(options.workers());
    try (Engine engine = engines.apply(options.workers())) {
      List<Future<?>> running = new ArrayList<>();
      for (Cell cell : order) {
        running.add(drivers.submit(() -> runOne(cell, engine, environment)));
      }
      for (Future<?> future : running) {
        await(future);
      }
    } finally {
      drivers.shutdownNow();
      progress.close();
    }
    progress.say(
        "spent: %s, projected were %s"
            .formatted(duration((System.nanoTime() - start) / 3.6e12), duration(hours)));
  }

  private static void await(Future<?> future) {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells were running", e);
    }
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
      Tables tables;
      try {
        tables = run.run();
      } finally {
        engine.release(built.problem());
      }
      if (cell.arm() == Arm.FEDERATED) {
        PartitionTable.add(tables, cell, built.deal(), built.data());
      }
      finish(cell, built, tables, run.seconds(), run.environment());
    } catch (RuntimeException | IOException | OutOfMemoryError e) {
      LOG.debug("{} failed", cell, e);
      synchronized (finished) {
        failed.put(cell, String.valueOf(e.getMessage() == null ? e : e.getMessage()));
      }
      progress.failed(cell, String.valueOf(e));
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
      results.write(experiment, finished);
    }
    Checkpoint.forget(folder);
    progress.finished(cell, seconds);
  }

  private Path folder(Cell cell) {
    return state.resolve(cell.id());
  }

  static void delete(Path folder) {
    if (!Files.isDirectory(folder)) {
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

  /** For people: hours, or minutes or seconds where those are few. */
  static String duration(double hours) {
    if (hours >= 1) {
      return String.format(Locale.ROOT, "%.1f h", hours);
    }
    return hours >= 1 / 60.0
        ? String.format(Locale.ROOT, "%.0f min", hours * 60)
        : String.format(Locale.ROOT, "%.0f s", hours * 3600);
  }
}
