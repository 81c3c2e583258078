package org.fedlayers.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.fedlayers.nn.Nd4jRuntime;

/**
 * Runs independent tasks on several threads and consumes their results in the order of the tasks,
 * so that sums over them always have the same order.
 */
public final class OrderedTasks {
  /**
   * One thread a core for all measurements of this process, each with the memory of a pass, however
   * many of them run side by side.
   */
  private static final ExecutorService POOL =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(), daemons("measurement"));

  private OrderedTasks() {}

  static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs tasks outside of an engine, such as measurements.
   *
   * @param threads at least 1
   * @param task from its number, 0 to count - 1
   * @param sink receives the results on the calling thread, in order
   */
  public static <R> void run(int threads, int count, IntFunction<R> task, Consumer<R> sink) {
    IntFunction<Callable<R>> onOneThread =
        number ->
            () -> {
              Nd4jRuntime.useOneThread();
              return task.apply(number);
            };
    run(POOL, threads, count, onOneThread, sink);
  }

  /**
   * @param lead how many tasks may run, or wait until their result is consumed
   */
  static <R> void run(
      ExecutorService pool, int lead, int count, IntFunction<Callable<R>> tasks, Consumer<R> sink) {
    // Tasks run under its read lock. A fair lock admits no reader once a writer waits.
    ReadWriteLock running = new ReentrantReadWriteLock(true);
    Queue<Future<R>> submitted = new ArrayDeque<>();
    try {
      for (int next = 0; next < count || !submitted.isEmpty(); ) {
        while (next < count && submitted.size() < lead) {
          Callable<R> task = tasks.apply(next++);
          submitted.add(pool.submit(() -> runIfOpen(running, task)));
        }
        sink.accept(submitted.remove().get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tasks were running", e);
    } finally {
      running.writeLock().lock(); // Waits for tasks that have begun; the others never will.
    }
  }

  private static <R> R runIfOpen(ReadWriteLock running, Callable<R> task) throws Exception {
    if (!running.readLock().tryLock(0, TimeUnit.SECONDS)) {
      return null;
    }
    try {
      return task.call();
    } finally {
      running.readLock().unlock();
    }
  }
}
