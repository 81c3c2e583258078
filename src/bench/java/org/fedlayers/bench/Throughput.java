package org.fedlayers.bench;

import java.util.List;
import java.util.Optional;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.bench.Workload.Variant;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Operations;

/**
 * The speed of training. Every number is a median; {@code _low} and {@code _high} are the smallest
 * and the largest measurement, and {@code interval} is the width of the median's 95 % interval
 * relative to the median.
 */
record Throughput(Results results, Timing timing, Executor path) {
  private static final double[] NONE = {Double.NaN};

  /**
   * Adds a row to the table {@code throughput}: images a second of whole training steps, beside
   * PyTorch with as many processes as there are workers. The interval is the ratio's or, without
   * PyTorch, the rate's.
   */
  void steps(Workload workload, int workers, Optional<PyTorch> torch) {
    Load load = Load.now();
    var models = path.models(workload.network());
    try (var theirs =
            torch
                .map(it -> new PyTorch.Run(it, workload, path, workers, timing.seconds()))
                .orElse(null);
        var ours = new TrainingRun(workload, Variant.PLAIN, models, workers, timing)) {
      Turns turns = Turns.take(timing, ours, theirs);
      double[] rates = turns.rates()[0];
      double[] ratio = theirs == null ? NONE : turns.ratio();
      Row row =
          new Row()
              .put("net", workload.net())
              .put("workers", workers)
              .putRange("images_per_second", rates, 1)
              .putRange("pytorch_images_per_second", theirs == null ? NONE : turns.rates()[1], 1)
              .putRange("ratio", ratio, 3)
              .put("interval", Turns.width(theirs == null ? rates : ratio), 3)
              .put("batch", workload.batch())
              .put("pytorch", torch.map(PyTorch::version).orElse(""))
              .put("layout", theirs == null ? "" : theirs.layout)
              .put("gflop_per_image", Operations.training(workload.network()) / 1e9, 4)
              .put("repeats", rates.length);
      results.put("throughput", List.of("net", "workers"), row, load);
    }
  }

  /**
   * Adds a row to the table {@code rounds}: seconds of a round, training and aggregation, in a
   * setting for which another simulator has published its.
   *
   * @param images of each client
   */
  void rounds(String setting, Workload workload, int clients, int images) {
    Load load = Load.now();
    int workers = Math.min(16, Runtime.getRuntime().availableProcessors());
    var problem = workload.problem(clients, images, path.models(workload.network()));
    try (var engine = new ThreadEngine(workers)) {
      TrainingSettings epoch = TrainingSettings.epochs(1, Workload.RATE);
      Federation federation = workload.federation(problem, Variant.PLAIN, epoch, engine);
      federation.round(); // until the plans are made and the loops are compiled
      double[] seconds = new double[timing.repeats()];
      for (int round = 0; round < seconds.length; round++) {
        long start = System.nanoTime();
        federation.round();
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
      Row row =
          new Row()
              .put("setting", setting)
              .put("net", workload.net())
              .put("clients", clients)
              .put("images_per_client", images)
              .put("batch", workload.batch())
              .put("workers", workers)
              .putRange("seconds", seconds, 3)
              .put("interval", Turns.width(seconds), 3)
              .put("repeats", seconds.length);
      results.put("rounds", List.of("setting", "workers"), row, load);
    }
  }
}
