package org.fedlayers.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Objective;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Score;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.nn.Pass;

/**
 * An engine whose clients look, before every mini-batch, whether they should stop. A round that is
 * stopped ends with a {@link StoppedException} and leaves the federation as it was after the round
 * before; scoring is brought to its end, so that a finished round also has its scores.
 */
public record StoppableEngine(Engine engine, BooleanSupplier stopping) implements Engine {

  @Override
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    engine.inOrder(
        problem, count, (worker, index) -> task.run(new StoppableWorker(worker), index), sink);
  }

  @Override
  public void release(Problem problem) {
    engine.release(problem);
  }

  @Override
  public void close() {
    engine.close();
  }

  private final class StoppableWorker implements Problem.Worker {
    private final Problem.Worker worker;

    StoppableWorker(Problem.Worker worker) {
      this.worker = worker;
    }

    @Override
    public Objective batch(int client, long step, float[] statistics, Pass pass) {
      if (stopping.getAsBoolean()) {
        throw new StoppedException();
      }
      return worker.batch(client, step, statistics, pass);
    }

    @Override
    public Score score(int piece, float[] weights, float[] statistics) {
      return worker.score(piece, weights, statistics);
    }

    @Override
    public void close() {
      worker.close();
    }
  }
}
