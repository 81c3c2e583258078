package org.fedlayers.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Problem;

/**
 * Runs client work on threads of this machine, one client a thread, each with a model that is
 * reused for every client. Several runs may share one engine: their tasks share one queue, so no
 * core waits for the slowest client of a round.
 */
public final class ThreadEngine implements Engine {
  private final int threads;
  private final ExecutorService pool;
  private final Workers workers = new Workers();

  public ThreadEngine(int threads) {
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads, OrderedTasks.daemons("worker"));
  }

  /** As many threads as the machine has cores. */
  public static ThreadEngine ofAllCores() {
    return new ThreadEngine(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    // A small lead keeps every thread busy and bounds how many results wait to be consumed.
    OrderedTasks.run(pool, 2 * threads, count, i -> () -> workers.run(problem, task, i), sink);
  }

  @Override
  public void release(Problem problem) {
    workers.release(problem);
  }

  @Override
  public void close() {
    pool.shutdown();
    workers.close();
  }
}
