package org.fedlayers.engine;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Problem;

/** The idle workers of each problem, reused from task to task. */
public final class Workers implements AutoCloseable {
  private final Map<Problem, Deque<Problem.Worker>> idle = new ConcurrentHashMap<>();

  /** Runs a task on a worker that is idle, or else on a new one. */
  public <R> R run(Problem problem, Engine.Task<R> task, int index) throws Exception {
    var free = idle.computeIfAbsent(problem, none -> new ConcurrentLinkedDeque<>());
    Problem.Worker rested = free.poll();
    Problem.Worker worker = rested != null ? rested : problem.newWorker();
    try {
      R result = task.run(worker, index);
      free.push(worker);
      return result;
    } catch (Throwable e) {
      try (worker) { // Its buffers may be half written.
        throw e;
      }
    }
  }

  /** Closes the workers of a problem that is finished. */
  public void release(Problem problem) {
    Deque<Problem.Worker> workers = idle.remove(problem);
    if (workers != null) {
      workers.forEach(Problem.Worker::close);
    }
  }

  @Override
  public void close() {
    idle.keySet().forEach(this::release);
  }
}
