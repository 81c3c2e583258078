package org.fedlayers.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** A task handed to the pool; whoever claims it first, its thread or the end of the call. */
  private record Running<R>(Future<R> future, AtomicBoolean claimed) {}

  @Override
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    // A small lead keeps every thread busy while results wait for their turn, and bounds how many
    // wait.
    int lead = 2 * threads;
    Deque<Running<R>> running = new ArrayDeque<>();
    try {
      for (int next = 0; next < count || !running.isEmpty(); ) {
        while (next < count && running.size() < lead) {
          running.add(submit(problem, task, next++));
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
      throw new IllegalStateException("interrupted while clients were training", e);
    } finally {
      drain(running);
    }
  }

  private <R> Running<R> submit(Problem problem, Task<R> task, int index) {
    AtomicBoolean claimed = new AtomicBoolean();
    Future<R> future =
        pool.submit(
            () -> claimed.compareAndSet(false, true) ? workers.run(problem, task, index) : null);
    return new Running<>(future, claimed);
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
