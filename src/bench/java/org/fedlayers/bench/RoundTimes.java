package org.fedlayers.bench;

import java.util.List;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.LocalTraining;
import org.fedlayers.federated.Problem;
import org.fedlayers.nn.Network;

/**
 * The table {@code rounds}: wall-clock seconds of a round, training and aggregation, in two
 * settings for which other simulators have published theirs.
 */
record RoundTimes(Results results, int repeats, Executor path, int workers) {
  private static final List<String> KEY = List.of("setting", "workers");

  /** Adds a row a setting. */
  void measure() {
    Network cnn = Workload.named("mcmahan-cnn").network();
    Workload pfl = new Workload("mcmahan-cnn", cnn, 10);
    measure("pfl-research CIFAR-10", pfl, 50, 50, "our McMahan CNN for its network");
    Workload flute = Workload.withGroupNorm("resnet-18", 20);
    measure("FLUTE ResNet-18 GN", flute, 10, 100, "10 classes");
  }

  private void measure(String setting, Workload workload, int clients, int images, String note) {
    Load load = Load.now();
    Problem problem = workload.problem(clients, images, path.models(workload.network()));
    try (var engine = new ThreadEngine(workers)) {
      LocalTraining epoch = LocalTraining.epochs(1, Workload.RATE);
      Federation federation = workload.federation(problem, Workload.Variant.PLAIN, epoch, engine);
      federation.round(); // until the plans are made and the loops are compiled
      double[] seconds = new double[repeats];
      for (int round = 0; round < repeats; round++) {
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
              .put("repeats", repeats)
              .put("note", "drawn images; " + note);
      results.put("rounds", KEY, row, load);
    }
  }
}
