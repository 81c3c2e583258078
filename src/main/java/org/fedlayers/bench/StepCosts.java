package org.fedlayers.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.bench.TrainingRun.Variant;
import org.fedlayers.engine.Executor;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.FedSam;
import org.fedlayers.federated.StatisticsPolicy;

/**
 * The table {@code steps.csv}: the time an image takes, relative to the same net's plain training
 * on one worker, and the most it ought to be. Medians over the turns, with the least and the
 * greatest ratio.
 */
public final class StepCosts {
  private static final List<String> KEY = List.of("comparison", "net", "cpu", "isa");
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of(
                  "comparison",
                  "net",
                  "path",
                  "time_ratio",
                  "time_ratio_low",
                  "time_ratio_high",
                  "at_most",
                  "images_per_second",
                  "baseline_images_per_second",
                  "repeats",
                  "clock"),
              Machine.COLUMNS.stream())
          .toList();
  private static final double ZETA = 0.15;

  private final Bench bench;
  private final Executor path;
  private final ResultTable table;

  public StepCosts(Bench bench, Executor path) {
    this.bench = bench;
    this.path = path.resolved();
    table = new ResultTable(bench.folder().resolve("steps.csv"), KEY, COLUMNS);
  }

  /** Measures and writes the table, a row at a time. */
  public void measure() {
    Workload cnn = Workload.named("man-cnn");
    Workload resnet = Workload.named("resnet-20");
    StatisticsPolicy averaged = StatisticsPolicy.AVERAGED;
    Variant sam = new Variant(new FedSam(), averaged, 0);
    Variant fixed = new Variant(new FedAvg(), StatisticsPolicy.frozenFrom(0), 0);
    compare("with MAN's penalty", cnn, new Variant(new FedAvg(), averaged, ZETA), 1.05);
    compare("with MAN's penalty", resnet, new Variant(new FedAvg(), averaged, ZETA), 1.05);
    compare("GN in place of BN", resnet, resnet.withNormaliser("gn"), Variant.PLAIN, 1, 1.2);
    compare("FixBN, statistics frozen", resnet, fixed, 1.0);
    compare("FedSAM", cnn, sam, 2.05);
    compare("FedSAM", resnet, sam, 2.05);
    compare("two workers", cnn, cnn, Variant.PLAIN, 2, 1 / 1.8);
    compare("two workers", resnet, resnet, Variant.PLAIN, 2, 1 / 1.8);
    evaluate(cnn);
    evaluate(resnet);
  }

  private void compare(String comparison, Workload workload, Variant variant, double atMost) {
    compare(comparison, workload, workload, variant, 1, atMost);
  }

  private void compare(
      String comparison,
      Workload plain,
      Workload changed,
      Variant variant,
      int workers,
      double atMost) {
    // Time in which a worker waits for its core is what two of them are measured for.
    Clock clock = workers > 1 ? Clock.WALL : bench.clock();
    try (var baseline = new TrainingRun(plain, Variant.PLAIN, path, 1, clock, bench.seconds());
        var other = new TrainingRun(changed, variant, path, workers, clock, bench.seconds())) {
      row(comparison, plain.net(), baseline, other, clock, atMost);
    }
  }

  private void evaluate(Workload workload) {
    try (var training =
        new TrainingRun(workload, Variant.PLAIN, path, 1, bench.clock(), bench.seconds())) {
      var evaluation = training.evaluation();
      row("evaluation", workload.net(), training, evaluation, bench.clock(), 1.0 / 3);
    }
  }

  private void row(
      String comparison,
      String net,
      Measured baseline,
      Measured other,
      Clock clock,
      double atMost) {
    Map<String, Object> row = new LinkedHashMap<>(Machine.columns());
    Turns turns = Turns.take(bench.repeats(), List.of(baseline, other));
    row.put("comparison", comparison);
    row.put("net", net);
    row.put("path", path);
    Throughput.fill(row, "time_ratio", turns.ratio(0, 1), 3);
    row.put("at_most", Machine.number(atMost, 3));
    row.put("images_per_second", Machine.number(turns.rate(1).median(), 1));
    row.put("baseline_images_per_second", Machine.number(turns.rate(0).median(), 1));
    row.put("repeats", bench.repeats());
    row.put("clock", clock);
    table.put(row);
    bench
        .say()
        .accept(
            "%-26s %-10s takes %s of plain training's time (%s to %s; at most %s)"
                .formatted(
                    comparison,
                    net,
                    row.get("time_ratio"),
                    row.get("time_ratio_low"),
                    row.get("time_ratio_high"),
                    row.get("at_most")));
  }
}
