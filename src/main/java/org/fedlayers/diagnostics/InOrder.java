package org.fedlayers.diagnostics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.fedlayers.nn.Nd4jRuntime;

/** Independent tasks on some threads, their results taken in order: sums have one order. */
final class InOrder {
  /** Threads are made when needed and end when idle. */
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          BasicThreadFactory.builder().namingPattern("measurement").daemon().build());

  private InOrder() {}

  /**
   * @param threads at least 1
   * @param task from its number, 0 to count - 1
   * @param sink takes the results on the calling thread, in order
   */
  static <R> void run(int threads, int count, IntFunction<R> task, Consumer<R> sink) {
    Deque<Future<R>> running = new ArrayDeque<>();
    try {
      for (int next = 0; next < count || !running.isEmpty(); ) {
        while (next < count && running.size() < threads) {
          int number = next++;
          running.add(POOL.submit(() -> computed(task, number)));
        }
        sink.accept(running.remove().get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private static <R> R computed(IntFunction<R> task, int number) {
    Nd4jRuntime.useOneThread();
    return task.apply(number);
  }
}
