package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Supplier;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.ClientView;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.LocalStep;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Model;

/**
 * Local training as a federation runs it, one client of one mini-batch on each worker. A step is
 * that of a client: batch, forward, loss, backward, clipping, decay, update.
 */
final class TrainingRun implements Turns.Contender {

  /** Warm-up steps, until the plans are made and the loops are compiled. */
  private static final int WARM_UP = 4;

  private final Workload workload;
  private final Workload.Variant variant;
  private final Timing timing;
  private final Problem problem;
  private final ThreadEngine engine;
  private final DoubleAdder rate = new DoubleAdder();
  private final int steps;

  TrainingRun(
      Workload workload,
      Workload.Variant variant,
      Supplier<? extends Model> models,
      int workers,
      Timing timing) {
    this.workload = workload;
    this.variant = variant;
    this.timing = timing;
    problem = workload.problem(workers, workload.batch(), models);
    engine = new ThreadEngine(workers);
    rate(WARM_UP);
    double stepsASecond = rate(WARM_UP) / workload.batch() / workers;
    steps = (int) Math.max(2, Math.ceil(timing.seconds() * stepsASecond) + 1);
  }

  /** The images that all workers process in a second. */
  @Override
  public double rate() {
    return rate(steps);
  }

  /** Trains from the initial weights each time, so that every measurement computes the same. */
  private double rate(int count) {
    rate.reset();
    federation(count).round();
    return rate.sum();
  }

  private Federation federation(int count) {
    Method clocked =
        new Method() {
          @Override
          public LocalStep localStep(ClientView client) {
            return clocked(variant.method().localStep(client), count);
          }
        };
    var variation = new Workload.Variant(clocked, variant.statistics(), variant.penalty());
    TrainingSettings training = TrainingSettings.steps(count, Workload.RATE);
    return workload.federation(problem, variation, training, engine);
  }

  /** Adds a client's rate, from the start of its first step to the start of its last. */
  private LocalStep clocked(LocalStep step, int count) {
    List<Long> starts = new ArrayList<>();
    return (objective, weights, gradient) -> {
      starts.add(System.nanoTime());
      if (starts.size() == count) {
        rate.add((count - 1) * workload.batch() * 1e9 / (starts.get(count - 1) - starts.get(0)));
      }
      return step.direction(objective, weights, gradient);
    };
  }

  /** Measures one of the same workers while it evaluates all test images. */
  Turns.Contender evaluation() {
    Federation federation = federation(1);
    federation.score(Average.SERVER);
    return () -> {
      long start = System.nanoTime();
      return federation.score(Average.SERVER).samples() * 1e9 / (System.nanoTime() - start);
    };
  }

  @Override
  public void close() {
    engine.close();
  }
}
