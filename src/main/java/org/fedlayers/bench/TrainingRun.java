package org.fedlayers.bench;

import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.LocalTraining;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Participation;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Model;

/**
 * Local training as a federation runs it, one client of one mini-batch on each worker. The images
 * are drawn ones: speed does not depend on what they show.
 */
final class TrainingRun implements Measured {
  static final double CLIP = 10;
  static final double WEIGHT_DECAY = 1e-3;
  static final double RATE = 0.01;
  private static final DataSet IMAGES = DataSets.load("drawn", null);
  private static final Randomness RANDOMNESS = new Randomness(0);

  /** Steps until every plan is compiled and the loops are. */
  private static final int WARM_UP = 4;

  /**
   * What is done differently from plain local SGD.
   *
   * @param penalty MAN's zeta
   */
  record Variant(Method method, StatisticsPolicy statistics, double penalty) {
    static final Variant PLAIN = new Variant(new FedAvg(), StatisticsPolicy.AVERAGED, 0);
  }

  private final Workload workload;
  private final Variant variant;
  private final double seconds;
  private final ClockedProblem problem;
  private final ThreadEngine engine;
  private final int steps;

  TrainingRun(
      Workload workload,
      Variant variant,
      Executor executor,
      int workers,
      Clock clock,
      double seconds) {
    this(workload, variant, executor.models(workload.network()), workers, clock, seconds);
  }

  /**
   * @param models makes a worker's model of the workload's network
   */
  TrainingRun(
      Workload workload,
      Variant variant,
      Supplier<? extends Model> models,
      int workers,
      Clock clock,
      double seconds) {
    this.workload = workload;
    this.variant = variant;
    this.seconds = seconds;
    int[][] deal =
        IntStream.range(0, workers)
            .mapToObj(
                worker ->
                    IntStream.range(worker * workload.batch(), (worker + 1) * workload.batch())
                        .toArray())
            .toArray(int[][]::new);
    problem =
        new ClockedProblem(
            new ImageProblem(
                IMAGES,
                deal,
                workload.batch(),
                Augmentation.none(),
                workload.network(),
                models,
                RANDOMNESS),
            clock);
    engine = new ThreadEngine(workers);
    rate(WARM_UP);
    double stepsASecond = rate(WARM_UP) / workload.batch() / workers;
    steps = (int) Math.max(2, Math.ceil(seconds * stepsASecond) + 1);
  }

  @Override
  public double rate() {
    return rate(steps);
  }

  private double rate(int count) {
    problem.reset();
    federation(count).round();
    return problem.trainingRate();
  }

  /** From the initial weights each time, so every stretch computes the same. */
  private Federation federation(int count) {
    LocalTraining training =
        LocalTraining.steps(count, RATE)
            .withClip(CLIP)
            .withWeightDecay(WEIGHT_DECAY)
            .withActivationPenalty(variant.penalty());
    return new Federation(
        problem,
        new Setting(
            variant.method(), training, new Participation.Full(), variant.statistics(), RANDOMNESS),
        Initialisation.PYTORCH.weights(workload.network(), RANDOMNESS),
        workload.network().freshStatistics(),
        engine,
        ClientMemory.onHeap(),
        false);
  }

  /** Seconds a step takes to make its mini-batch, in the last stretch. */
  double batchSeconds() {
    return problem.dataSeconds() / steps;
  }

  /** One of the same workers, evaluating test images. */
  Measured evaluation() {
    Federation federation = federation(1);
    federation.score(Average.SERVER);
    return () -> {
      problem.reset();
      long start = System.nanoTime();
      do {
        federation.score(Average.SERVER);
      } while (System.nanoTime() - start < seconds * 1e9);
      return problem.evaluationRate();
    };
  }

  @Override
  public void close() {
    engine.close();
  }
}
