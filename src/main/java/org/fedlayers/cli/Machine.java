package org.fedlayers.cli;

import java.nio.file.Path;
import org.fedlayers.engine.Executor;
import org.fedlayers.options.UserError;
import picocli.CommandLine.Option;

/** Options of every command that trains: none of them changes a result on one kind of machine. */
final class Machine {
  private static final int MOST_WORKERS = 1024;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "threads, each with a model of its own (default: as many as cores, 16 at most)")
  private int workers = Math.min(16, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--executor",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "auto, plan (oneDNN, fast), graph (DL4J), cuda (an NVIDIA card) or cuda-tf32 (the same on"
              + " tensor cores, with three digits less) (default: auto)")
  private String executor;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "image sets (default: FEDLAYERS_DATA, else the user's cache folder)")
  private Path data;

  int workers() {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new UserError("--workers is " + workers + ", expected 1 to " + MOST_WORKERS);
    }
    return workers;
  }

  Executor executor() {
    Executor chosen = Executor.named(executor);
    chosen.resolved();
    return chosen;
  }

  /** The explicit choice, or null. */
  Path data() {
    return data;
  }
}
