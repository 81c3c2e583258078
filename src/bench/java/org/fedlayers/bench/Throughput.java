package org.fedlayers.bench;

import java.util.List;
import java.util.Optional;
import org.fedlayers.bench.Turns.Contender;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Operations;

/**
 * The table {@code throughput}: images a second of whole training steps, beside PyTorch with as
 * many processes as there are workers. Medians over the turns; {@code _low} and {@code _high} are
 * the least and the greatest, {@code interval} is the width of the median's 95 % interval relative
 * to it, of the ratio or, without PyTorch, of the rate.
 */
record Throughput(Results results, Timing timing, Executor path, Optional<PyTorch> torch) {
  private static final List<String> KEY = List.of("net", "workers");
  private static final double[] NONE = {Double.NaN};

  /** Adds a row. */
  void measure(Workload workload, int workers) {
    Load load = Load.now();
    var models = path.models(workload.network());
    try (var theirs = torch.map(it -> beside(it, workload, workers)).orElse(null);
        var ours = new TrainingRun(workload, Workload.Variant.PLAIN, models, workers, timing)) {
      boolean beside = theirs != null;
      Turns turns =
          beside ? Turns.take(timing, ours, theirs) : Turns.take(timing, new Contender[] {ours});
      double[] rates = turns.rates()[0];
      double[] ratio = beside ? turns.ratio() : NONE;
      Row row =
          new Row()
              .put("net", workload.net())
              .put("workers", workers)
              .putRange("images_per_second", rates, 1)
              .putRange("pytorch_images_per_second", beside ? turns.rates()[1] : NONE, 1)
              .putRange("ratio", ratio, 3)
              .put("interval", Turns.width(beside ? ratio : rates), 3)
              .put("batch", workload.batch())
              .put("pytorch", torch.map(PyTorch::version).orElse(""))
              .put("layout", beside ? theirs.layout() : "")
              .put("gflop_per_image", Operations.training(workload.network()) / 1e9, 4)
              .put("repeats", rates.length);
      results.put("throughput", KEY, row, load);
    }
  }

  private PyTorch.Run beside(PyTorch found, Workload workload, int workers) {
    return new PyTorch.Run(found, workload, path.onCard(), workers, timing.seconds());
  }
}
