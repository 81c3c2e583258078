package org.fedlayers.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.bench.TrainingRun.Variant;
import org.fedlayers.nn.plan.PlanModel;
import org.fedlayers.nn.plan.StepKind;

/**
 * The table {@code profile.csv}: where the time of a plan's training step goes, by kind of work,
 * and how near each kind of kernel comes to the machine's matrix products. Medians over steps.
 */
public final class StepProfile {
  private static final List<String> KEY = List.of("net", "kind", "cpu", "isa");
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of("net", "kind", "milliseconds", "share", "gflops", "batch", "clock"),
              Machine.COLUMNS.stream())
          .toList();

  /** Steps named in the lines of progress. */
  private static final int DEAREST = 6;

  private final Bench bench;
  private final ResultTable table;

  public StepProfile(Bench bench) {
    this.bench = bench;
    table = new ResultTable(bench.folder().resolve("profile.csv"), KEY, COLUMNS);
  }

  /**
   * Measures and writes the table, a net at a time.
   *
   * @param nets names of architectures
   */
  public void measure(List<String> nets) {
    nets.forEach(net -> profile(Workload.named(net)));
  }

  private void profile(Workload workload) {
    Laps laps = new Laps(bench.clock());
    try (var run =
        new TrainingRun(
            workload,
            Variant.PLAIN,
            () -> new PlanModel(workload.network(), PlanModel.EVALUATION_BATCH, laps),
            1,
            bench.clock(),
            bench.seconds() * bench.repeats())) {
      run.rate();
      double batches = 1e3 * run.batchSeconds();
      Map<String, Double> times = new LinkedHashMap<>();
      times.put("making batches", batches);
      Map<StepKind, Double> kinds = laps.milliseconds();
      times.put("optimiser", kinds.remove(StepKind.BETWEEN_PASSES) - batches);
      kinds.forEach((kind, time) -> times.put(kind.toString(), time));
      double whole = times.values().stream().mapToDouble(time -> time).sum();
      times.forEach((kind, time) -> row(workload, kind, time, time / whole));
    }
    say(workload, laps);
  }

  private void row(Workload workload, String kind, double milliseconds, double share) {
    Map<String, Object> row = new LinkedHashMap<>(Machine.columns());
    double operations =
        Stream.of(StepKind.values())
            .filter(one -> one.toString().equals(kind))
            .mapToDouble(one -> StepOperations.of(workload.network(), one))
            .sum();
    row.put("net", workload.net());
    row.put("kind", kind);
    row.put("milliseconds", Machine.number(milliseconds, 3));
    row.put("share", Machine.number(share, 4));
    double rate = operations * workload.batch() / milliseconds / 1e6;
    row.put("gflops", operations == 0 ? "" : Machine.number(rate, 1));
    row.put("batch", workload.batch());
    row.put("clock", bench.clock());
    table.put(row);
  }

  private void say(Workload workload, Laps laps) {
    laps.medians().stream()
        .sorted(Comparator.comparingDouble(Laps.Lap::nanos).reversed())
        .limit(DEAREST)
        .forEach(
            lap ->
                bench
                    .say()
                    .accept(
                        "%-12s %8.3f ms  %s"
                            .formatted(workload.net(), lap.nanos() / 1e6, lap.name())));
  }
}
