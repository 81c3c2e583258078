package org.fedlayers.experiment;

import java.nio.file.Path;
import java.time.Duration;
import org.fedlayers.data.DataHome;
import org.fedlayers.engine.Executor;

/**
 * How to run, none of which changes a result.
 *
 * @param out the results folder
 * @param state where checkpoints and finished cells are kept
 * @param models where the averages that cells end with are kept; null to keep none
 * @param data where image sets are
 * @param workers threads, each with a model of its own
 * @param executor what computes networks
 * @param fresh whether to forget checkpoints and finished cells first
 * @param keepPublished whether rows that stand in {@code out} already count as finished
 * @param betweenCheckpoints how long a crash may throw a cell back
 */
public record RunOptions(
    Path out,
    Path state,
    Path models,
    Path data,
    int workers,
    Executor executor,
    boolean fresh,
    boolean keepPublished,
    Duration betweenCheckpoints) {

  /** On all cores of this machine, with the usual places for data and, beside it, for state. */
  public static RunOptions into(Path out) {
    return new RunOptions(
        out,
        beside(out, "state"),
        null,
        DataHome.resolve(null),
        Runtime.getRuntime().availableProcessors(),
        Executor.AUTO,
        false,
        false,
        Duration.ofSeconds(20));
  }

  private static Path beside(Path out, String what) {
    return out.resolveSibling(out.getFileName() + "-" + what);
  }

  public RunOptions withState(Path folder) {
    return new RunOptions(
        out, folder, models, data, workers, executor, fresh, keepPublished, betweenCheckpoints);
  }

  /** Keeps models, or measures those there are; null for the usual place beside the results. */
  public RunOptions withModels(Path folder) {
    Path own = folder == null ? beside(out, "models") : folder;
    return new RunOptions(
        out, state, own, data, workers, executor, fresh, keepPublished, betweenCheckpoints);
  }

  public RunOptions on(Path images, int threads, Executor path) {
    return new RunOptions(
        out, state, models, images, threads, path, fresh, keepPublished, betweenCheckpoints);
  }

  public RunOptions anew() {
    return new RunOptions(
        out, state, models, data, workers, executor, true, keepPublished, betweenCheckpoints);
  }

  public RunOptions keepingPublished() {
    return new RunOptions(
        out, state, models, data, workers, executor, fresh, true, betweenCheckpoints);
  }

  public RunOptions checkpointing(Duration between) {
    return new RunOptions(
        out, state, models, data, workers, executor, fresh, keepPublished, between);
  }
}
