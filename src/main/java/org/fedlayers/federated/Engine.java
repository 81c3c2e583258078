package org.fedlayers.federated;

import java.util.function.Consumer;

/**
 * Runs the work of clients, on threads or on a cluster. Results are always consumed in the order of
 * the tasks, so that sums have one order.
 */
public interface Engine extends AutoCloseable {

  /**
   * A task numbered within its call. An engine of other processes takes those that can be made
   * again there from words and vectors: {@link LocalTrainer} and {@link Federation.ModelState}.
   */
  @FunctionalInterface
  interface Task<R> {
    R run(Problem.Worker worker, int index) throws Exception;
  }

  /**
   * Runs {@code count} tasks and passes each result to {@code sink}, on the calling thread, in the
   * order 0, 1, 2, ... A failed task ends the call with its exception, after the running ones have
   * stopped.
   */
  <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink);

  /**
   * Describes a problem in words, so that another process can build an equal one; to be called
   * before the first task. Engines of this process need no description.
   */
  default void introduce(Problem problem, String description) {}

  /** Discards the workers of a problem that is finished. */
  void release(Problem problem);

  @Override
  void close();
}
