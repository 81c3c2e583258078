package org.fedlayers.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs compiled cells in this JVM, each snippet on a thread of its own, and keeps the value itself
 * where JShell only keeps its text.
 *
 * <p>A stop first interrupts the thread, so that sleeps, locks and training loops end in order. A
 * thread that does not react within the grace time is stopped by force where the JDK still can (up
 * to 19), and otherwise left behind, so that the notebook stays usable.
 */
final class Execution extends DirectExecutionControl implements ExecutionControlProvider {
  private final long graceMillis;
  private final Broadcast broadcast;

  /** Whether the user stopped the cell. */
  volatile boolean stopped;

  /** Whether the stopped cell ignored everything and still runs in the background. */
  boolean abandoned;

  /** What the last expression gave. */
  Object value;

  /** Given up when a cell has filled the heap, so that the kernel can say so. */
  private byte[] reserve;

  Execution(long graceMillis, Broadcast broadcast) {
    this.graceMillis = graceMillis;
    this.broadcast = broadcast;
  }

  /** A new cell starts: forgets the last one's value and whether it was stopped. */
  void begin() {
    value = null;
    stopped = false;
    abandoned = false;
    reserve = reserve == null ? new byte[16 << 20] : reserve;
  }

  @Override
  protected String invoke(Method method) throws Exception {
    value = call(() -> method.invoke(null), method.getDeclaringClass().getClassLoader());
    return "";
  }

  /** Runs a user's code so that it can be stopped. */
  <T> T call(Callable<T> code, ClassLoader loader) throws Exception {
    FutureTask<T> task = new FutureTask<>(code);
    Thread thread = new Thread(task, "cell");
    thread.setContextClassLoader(loader);
    if (!stopped) {
      thread.start();
    }
    while (thread.isAlive() && !stopped) {
      thread.join(20);
    }
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(graceMillis);
      broadcast.end(thread);
      thread.join(graceMillis);
      abandoned = thread.isAlive();
    }
    if (!task.isDone()) {
      throw new StoppedException();
    }
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvocationTargetException thrown) {
        reserve = thrown.getCause() instanceof OutOfMemoryError ? null : reserve;
        throw thrown;
      }
      throw new InvocationTargetException(e.getCause());
    }
  }

  @Override
  public String name() {
    return "in-this-jvm";
  }

  @Override
  public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
    return this;
  }
}
