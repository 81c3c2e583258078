package org.fedlayers.sweep;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;
import org.fedlayers.data.DataHome;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Engine;

/**
 * Options of a run, none of which changes a result.
 *
 * @param out the results folder
 * @param state where checkpoints and finished cells are kept
 * @param models where the averages that cells end with are kept; null to keep none
 * @param data where image sets are
 * @param workers threads, each with a model of its own
 * @param executor what computes networks
 * @param start what of earlier runs counts
 * @param betweenCheckpoints how long a crash may throw a cell back
 * @param engines start an engine for as many cells side by side
 */
public record RunOptions(
    Path out,
    Path state,
    Path models,
    Path data,
    int workers,
    Executor executor,
    Start start,
    Duration betweenCheckpoints,
    IntFunction<Engine> engines) {

  /** What of earlier runs counts. */
  public enum Start {
    /** What this machine has in its state: finished cells, and checkpoints to go on from. */
    STATE,
    /** That, and the rows in the results folder. */
    RESULTS,
    /** The same, but only measures the models of finished cells and trains nothing. */
    MODELS,
    /** Nothing: state is deleted before the run. */
    NOTHING
  }

  /**
   * On all cores of this machine, with the usual place for data, and that for state beside the
   * results.
   */
  public static RunOptions into(Path out) {
    return new RunOptions(
        out,
        beside(out, "state"),
        null,
        DataHome.resolve(null),
        Runtime.getRuntime().availableProcessors(),
        Executor.AUTO,
        Start.STATE,
        Duration.ofSeconds(20),
        ThreadEngine::new);
  }

  private static Path beside(Path out, String what) {
    return out.resolveSibling(out.getFileName() + "-" + what);
  }

  /** With unfinished work in a folder of its own. */
  public RunOptions withState(Path folder) {
    return new RunOptions(
        out, folder, models, data, workers, executor, start, betweenCheckpoints, engines);
  }

  /** With models in a folder; null for the usual place beside the results. */
  public RunOptions withModels(Path folder) {
    Path own = folder == null ? beside(out, "models") : folder;
    return new RunOptions(
        out, state, own, data, workers, executor, start, betweenCheckpoints, engines);
  }

  /** With images from a folder, on so many threads, each of which computes networks this way. */
  public RunOptions on(Path images, int threads, Executor path) {
    return new RunOptions(
        out, state, models, images, threads, path, start, betweenCheckpoints, engines);
  }

  /** With clients that train elsewhere, for example on a cluster. */
  public RunOptions on(IntFunction<Engine> others) {
    return new RunOptions(
        out, state, models, data, workers, executor, start, betweenCheckpoints, others);
  }

  /** Counting more of earlier runs, or less. */
  public RunOptions from(Start other) {
    return new RunOptions(
        out, state, models, data, workers, executor, other, betweenCheckpoints, engines);
  }

  /** With checkpoints so far apart; zero for one after every round. */
  public RunOptions checkpointing(Duration between) {
    return new RunOptions(out, state, models, data, workers, executor, start, between, engines);
  }
}
