package org.fedlayers.bench;

import java.util.List;
import org.fedlayers.bench.Turns.Contender;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.bench.Workload.Variant;
import org.fedlayers.engine.Executor;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.FedSam;
import org.fedlayers.federated.StatisticsPolicy;

/**
 * The table {@code steps}: the time an image takes, relative to the same net's plain training on
 * one worker, and the most it ought to be. Medians over the turns, with the least and the greatest
 * ratio and the width of the median's interval.
 */
record StepCosts(Results results, Timing timing, Executor path) {

  /** Adds a row a comparison and net. */
  void measure() {
    Workload resnet = Workload.named("resnet-20");
    Workload grouped = Workload.withGroupNorm("resnet-20", resnet.batch());
    StatisticsPolicy averaged = StatisticsPolicy.AVERAGED;
    Variant penalty = new Variant(new FedAvg(), averaged, 0.15);
    Variant frozen = new Variant(new FedAvg(), StatisticsPolicy.frozenFrom(0), 0);
    Variant sam = new Variant(new FedSam(0.05), averaged, 0);
    for (Workload net : List.of(Workload.named("man-cnn"), resnet)) {
      compare("with MAN's penalty", net, net, penalty, 1.05);
      compare("FedSAM", net, net, sam, 2.05);
      try (var training = run(net, Variant.PLAIN)) {
        add("evaluation", net, training, training.evaluation(), 1.0 / 3);
      }
    }
    compare("GN in place of BN", resnet, grouped, Variant.PLAIN, 1.2);
    compare("FixBN, statistics frozen", resnet, resnet, frozen, 1);
  }

  private TrainingRun run(Workload workload, Variant variant) {
    return new TrainingRun(workload, variant, path.models(workload.network()), 1, timing);
  }

  private void compare(
      String what, Workload plain, Workload changed, Variant variant, double atMost) {
    try (var baseline = run(plain, Variant.PLAIN);
        var other = run(changed, variant)) {
      add(what, plain, baseline, other, atMost);
    }
  }

  private void add(
      String what, Workload plain, Contender baseline, Contender other, double atMost) {
    Load load = Load.now();
    Turns turns = Turns.take(timing, baseline, other);
    Row row =
        new Row()
            .put("comparison", what)
            .put("net", plain.net())
            .putRange("time_ratio", turns.ratio(), 3)
            .put("interval", Turns.width(turns.ratio()), 3)
            .put("at_most", atMost, 3)
            .put("images_per_second", Turns.median(turns.rates()[1]), 1)
            .put("baseline_images_per_second", Turns.median(turns.rates()[0]), 1)
            .put("repeats", turns.ratio().length);
    results.put("steps", List.of("comparison", "net"), row, load);
  }
}
