package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** Runs cells in this order, as many at a time as there are threads. */
  void run(List<Cell> cells, int threads, Consumer<Cell> job) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Cell cell : cells) {
        running.add(pool.submit(() -> run(cell, job)));
      }
      for (Future<?> future : running) {
        await(future);
      }
    } finally {
      if (stopping.getAsBoolean()) {
        pool.shutdown(); // an interrupt could hit a file that is being written
      } else {
        pool.shutdownNow();
      }
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

  private void await(Future<?> future) {
    try {
      while (!stopping.getAsBoolean()
          || !inFlight.values().stream().allMatch(BooleanSupplier::getAsBoolean)) {
        try {
          future.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
          return;
        } catch (TimeoutException e) {
          // Look again.
        }
      }
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
}
