package org.fedlayers.kernel;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import jdk.jshell.execution.DirectExecutionControl;

/**
 * Runs compiled cells in this JVM, each on a thread of its own, and keeps the value itself where
 * JShell only keeps its text.
 *
 * <p>Stopping is polite first: the thread is interrupted, so that sleeps, locks and training loops
 * end in order. A thread that does not react within the grace time is stopped by force where the
 * JDK still can (up to 19), and otherwise left behind, so that the notebook stays usable.
 */
final class CellExecution extends DirectExecutionControl {
  private record Run(Thread thread, CompletableFuture<Object> outcome) {}

  private final Duration grace;
  private volatile Run current;
  private volatile boolean stopped;
  private volatile boolean abandoned;
  private Object value;

  CellExecution(Duration grace) {
    this.grace = grace;
  }

  /** A new cell starts: forgets the last one's value and whether it was stopped. */
  void begin() {
    value = null;
    stopped = false;
    abandoned = false;
  }

  /** What the last expression gave; null if it was no expression. */
  Object value() {
    return value;
  }

  /** Whether the user stopped the cell. */
  boolean stopped() {
    return stopped;
  }

  /** Whether the stopped cell ignored everything and still runs in the background. */
  boolean abandoned() {
    return abandoned;
  }

  @Override
  protected String invoke(Method method) throws Exception {
    if (stopped) {
      throw new StoppedException();
    }
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(method, outcome), "cell");
    thread.setContextClassLoader(method.getDeclaringClass().getClassLoader());
    current = new Run(thread, outcome);
    thread.start();
    try {
      value = outcome.get();
      return "";
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } finally {
      current = null;
    }
  }

  private static void run(Method method, CompletableFuture<Object> outcome) {
    try {
      outcome.complete(method.invoke(null));
    } catch (Exception e) {
      outcome.completeExceptionally(e);
    }
  }

  @Override
  public void stop() {
    stopped = true;
    Run run = current;
    if (run == null) {
      return;
    }
    run.thread().interrupt();
    if (!ended(run.thread())) {
      force(run.thread());
      abandoned = !ended(run.thread());
    }
    run.outcome().completeExceptionally(new StoppedException());
  }

  private boolean ended(Thread thread) {
    try {
      thread.join(grace.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  @SuppressWarnings({"deprecation", "removal"}) // the only way to end a loop that never waits
  private static void force(Thread thread) {
    try {
      thread.stop();
    } catch (UnsupportedOperationException | NoSuchMethodError e) {
      // JDK 20 and later took it away; the caller leaves the thread behind.
    }
  }
}
