package org.fedlayers.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Problem;

/**
 * Client work on this machine's threads, one client a thread, each with a model of its own that is
 * used again for every client. Several runs may share one engine: their tasks queue up together, so
 * no core waits for a run's slowest client.
 */
public final class ThreadEngine implements Engine {
  private final int threads;
  private final ExecutorService pool;
  private final Workers workers = new Workers();

  public ThreadEngine(int threads) {
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            body -> {
              Thread thread = new Thread(body, "worker");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** As many threads as the machine has cores. */
  public static ThreadEngine ofAllCores() {
    return new ThreadEngine(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    // A small lead keeps every thread busy while results wait for their turn, and bounds how many
    // wait.
    InOrder.run(pool, 2 * threads, count, index -> workers.run(problem, task, index), sink);
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
