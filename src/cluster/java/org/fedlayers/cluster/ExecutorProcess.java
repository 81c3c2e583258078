package org.fedlayers.cluster;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.fedlayers.engine.Workers;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.StoppedException;

/** The state of an executor process between tasks: the runs in flight, and a model a thread. */
final class ExecutorProcess {
  private static final Workers WORKERS = new Workers();
  private static final Map<String, RemoteCell> CELLS = new ConcurrentHashMap<>();
  private static long version;

  private ExecutorProcess() {}

  /** Runs a task; anything but its cancellation is an outcome. */
  static Outcome run(Work work, int index, Work.Request request, TaskContext context) {
    try {
      discardOthers(work);
      RemoteCell cell = CELLS.computeIfAbsent(work.description(), RemoteCell::of);
      Engine.Task<?> task = work.task(cell, request, context::isInterrupted);
      Object result = WORKERS.run(cell.problem(), task, request == null ? index : 0);
      return new Outcome((Serializable) result, null);
    } catch (StoppedException e) {
      throw e; // Its result is no longer needed.
    } catch (Throwable e) { // Bad client code must not cost the job, nor this process.
      return Outcome.of(e);
    }
  }

  private static synchronized void discardOthers(Work work) {
    if (work.version() <= version) {
      return;
    }
    version = work.version();
    CELLS.forEach(
        (description, cell) -> {
          if (!work.live().contains(description)) {
            CELLS.remove(description);
            WORKERS.release(cell.problem());
          }
        });
  }
}
