package org.fedlayers.bench;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.fedlayers.federated.Objective;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * A problem with a clock. A client asks for a mini-batch at the start of every step, so the time
 * between two requests is that of one whole step as the federation runs it: batch, forward, loss,
 * backward, clipping, decay, update.
 */
final class ClockedProblem implements Problem {
  private final Problem problem;
  private final Clock clock;
  private final LongAdder data = new LongAdder();
  private final LongAdder scoring = new LongAdder();
  private final LongAdder scored = new LongAdder();
  private final long[] first;
  private final long[] last;
  private final long[] images;
  private final int[] pending;

  ClockedProblem(Problem problem, Clock clock) {
    this.clock = clock;
    this.problem = problem;
    first = new long[problem.clients()];
    last = new long[problem.clients()];
    images = new long[problem.clients()];
    pending = new int[problem.clients()];
  }

  /** Forgets what was clocked. Not while clients train. */
  void reset() {
    data.reset();
    scoring.reset();
    scored.reset();
    java.util.Arrays.fill(images, 0);
    java.util.Arrays.fill(pending, 0);
  }

  /**
   * Images a second of all clients together, each from the start of its first step to the start of
   * its last.
   */
  double trainingRate() {
    double rate = 0;
    for (int client = 0; client < images.length; client++) {
      rate += images[client] == 0 ? 0 : images[client] * 1e9 / (last[client] - first[client]);
    }
    return rate;
  }

  /** Images a second of one worker that evaluates. */
  double evaluationRate() {
    return scored.sum() * 1e9 / scoring.sum();
  }

  /** Seconds all workers together spent making batches. */
  double dataSeconds() {
    return data.sum() / 1e9;
  }

  @Override
  public Worker newWorker() {
    return new ClockedWorker(problem.newWorker());
  }

  private final class ClockedWorker implements Worker {
    private final Worker worker;

    ClockedWorker(Worker worker) {
      this.worker = worker;
    }

    @Override
    public Objective batch(int client, long step, float[] statistics, Pass pass) {
      long now = clock.nanos();
      if (pending[client] == 0) {
        first[client] = now;
      }
      last[client] = now;
      images[client] += pending[client];
      Objective objective = worker.batch(client, step, statistics, pass);
      pending[client] = objective.samples();
      data.add(clock.nanos() - now);
      return objective;
    }

    @Override
    public Score score(int piece, float[] weights, float[] statistics) {
      long now = clock.nanos();
      Score score = worker.score(piece, weights, statistics);
      scoring.add(clock.nanos() - now);
      scored.add(score.samples());
      return score;
    }

    @Override
    public void close() {
      worker.close();
    }
  }

  @Override
  public int clients() {
    return problem.clients();
  }

  @Override
  public int samples(int client) {
    return problem.samples(client);
  }

  @Override
  public int batchesPerEpoch(int client) {
    return problem.batchesPerEpoch(client);
  }

  @Override
  public int weightCount() {
    return problem.weightCount();
  }

  @Override
  public List<Tensor> weights() {
    return problem.weights();
  }

  @Override
  public List<Tensor> statistics() {
    return problem.statistics();
  }

  @Override
  public int scorePieces() {
    return problem.scorePieces();
  }
}
