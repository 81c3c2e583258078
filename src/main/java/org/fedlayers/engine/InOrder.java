package org.fedlayers.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.fedlayers.nn.Nd4jRuntime;

/** Independent tasks on some threads, their results taken in order: sums have one order. */
public final class InOrder {
  /** Threads are made when needed and end when idle. */
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "measurement");
            thread.setDaemon(true);
            return thread;
          });

  private InOrder() {}

  /** A task known by its number. */
  @FunctionalInterface
  interface Task<R> {
    R run(int index) throws Exception;
  }

  /** A task handed to the pool; whoever claims it first, its thread or the end of the call. */
  private record Running<R>(Future<R> future, AtomicBoolean claimed) {}

  /**
   * Tasks that no engine runs, such as measurements.
   *
   * @param threads at least 1
   * @param task from its number, 0 to count - 1
   * @param sink takes the results on the calling thread, in order
   */
  public static <R> void run(int threads, int count, IntFunction<R> task, Consumer<R> sink) {
    Task<R> onOneThread =
        number -> {
          Nd4jRuntime.useOneThread();
          return task.apply(number);
        };
    run(POOL, threads, count, onOneThread, sink);
  }

  /**
   * @param lead how many tasks may run, or wait for their turn to be taken
   */
  static <R> void run(ExecutorService pool, int lead, int count, Task<R> task, Consumer<R> sink) {
    Deque<Running<R>> running = new ArrayDeque<>();
    try {
      for (int next = 0; next < count || !running.isEmpty(); ) {
        while (next < count && running.size() < lead) {
          int index = next++;
          AtomicBoolean claimed = new AtomicBoolean();
          Future<R> future =
              pool.submit(() -> claimed.compareAndSet(false, true) ? task.run(index) : null);
          running.add(new Running<>(future, claimed));
        }
        sink.accept(running.remove().future().get());
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
      drain(running);
    }
  }

  /** Waits for tasks that have begun; the others never will. */
  private static <R> void drain(Deque<Running<R>> running) {
    boolean interrupted = Thread.interrupted();
    for (Running<R> task : running) {
      while (!task.claimed().compareAndSet(false, true) && !task.future().isDone()) {
        try {
          task.future().get();
        } catch (ExecutionException ended) {
          // The first failure is the one reported.
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
