package org.fedlayers.experiment;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The threads that run a sweep's cells side by side. Once all are to stop, cells are waited for as
 * long as they have rounds to keep, but not for what they measure after that.
 */
final class Drivers {
  private static final int POLL_MILLISECONDS = 100;

  private final BooleanSupplier stopping;

  /** Cells being run, and whether what they still do may be cut off. */
  private final Map<Cell, BooleanSupplier> inFlight = new ConcurrentHashMap<>();

  Drivers(BooleanSupplier stopping) {
    this.stopping = stopping;
  }

  /** Says how to know whether what a running cell still does may be cut off. */
  void watch(Cell cell, BooleanSupplier atRest) {
    inFlight.put(cell, atRest);
  }

  /**
   * Runs cells in this order, as many at a time as there are threads.
   *
   * @param job throws nothing
   */
  void run(List<Cell> cells, int threads, Consumer<Cell> job) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    cells.forEach(cell -> pool.execute(() -> run(cell, job)));
    pool.shutdown();
    try {
      while (!pool.awaitTermination(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        if (stopping.getAsBoolean()
            && inFlight.values().stream().allMatch(BooleanSupplier::getAsBoolean)) {
          return; // an interrupt could hit a file that is being written
        }
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells were running", e);
    }
  }

  private void run(Cell cell, Consumer<Cell> job) {
    watch(cell, () -> false);
    try {
      if (!stopping.getAsBoolean()) {
        job.accept(cell);
      }
    } finally {
      inFlight.remove(cell);
    }
  }
}
