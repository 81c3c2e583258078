package org.fedlayers.bench;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Problem;

/** An engine with a clock: what clients took, and what folding their updates took. */
final class ClockedEngine implements Engine {
  private final Engine engine;
  private final LongAdder tasks = new LongAdder();
  private long folding;
  private long inside;

  ClockedEngine(Engine engine) {
    this.engine = engine;
  }

  void reset() {
    tasks.reset();
    folding = 0;
    inside = 0;
  }

  /** Seconds of work in tasks, of all workers together. */
  double taskSeconds() {
    return tasks.sum() / 1e9;
  }

  /** Seconds the caller spent on results. */
  double foldingSeconds() {
    return folding / 1e9;
  }

  /** Seconds from handing over tasks to having folded the last result. */
  double insideSeconds() {
    return inside / 1e9;
  }

  @Override
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    long start = System.nanoTime();
    engine.inOrder(
        problem,
        count,
        (worker, index) -> {
          long begun = System.nanoTime();
          R result = task.run(worker, index);
          tasks.add(System.nanoTime() - begun);
          return result;
        },
        (R result) -> {
          long begun = System.nanoTime();
          sink.accept(result);
          folding += System.nanoTime() - begun;
        });
    inside += System.nanoTime() - start;
  }

  @Override
  public void release(Problem problem) {
    engine.release(problem);
  }

  @Override
  public void close() {
    engine.close();
  }
}
