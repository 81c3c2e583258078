package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.nn.plan.PlanModel;
import org.fedlayers.nn.plan.StepKind;
import org.fedlayers.nn.plan.StepListener;

/**
 * The time that a pass of a plan takes, by kind of work: the median over passes, which are all the
 * same, so that the first ones and those that were interrupted do not count.
 */
final class StepProfile implements StepListener {
  private final List<Map<StepKind, Long>> passes = new ArrayList<>();
  private long last;

  @Override
  public void ran(StepKind kind, String name) {
    long now = System.nanoTime();
    if (kind == StepKind.BETWEEN_PASSES) {
      passes.add(new EnumMap<>(StepKind.class));
    }
    passes.get(passes.size() - 1).merge(kind, now - last, Long::sum);
    last = System.nanoTime();
  }

  /** The median times of a pass. */
  Map<StepKind, Double> milliseconds() {
    Map<StepKind, Double> medians = new EnumMap<>(StepKind.class);
    for (StepKind kind : passes.get(0).keySet()) {
      double[] nanos = passes.stream().mapToDouble(pass -> pass.get(kind)).toArray();
      medians.put(kind, Turns.median(nanos) / 1e6);
    }
    return medians;
  }

  /** Adds rows to the table {@code profile}: where the time of a training step goes. */
  static void measure(Workload workload, Timing timing, Results results) {
    Load load = Load.now();
    StepProfile profile = new StepProfile();
    try (var run =
        new TrainingRun(
            workload,
            Workload.Variant.PLAIN,
            () -> new PlanModel(workload.network(), PlanModel.EVALUATION_BATCH, profile),
            1,
            timing)) {
      Turns.take(timing, run, null);
    }
    Map<StepKind, Double> times = profile.milliseconds();
    double whole = times.values().stream().mapToDouble(time -> time).sum();
    times.forEach(
        (kind, time) -> {
          Row row =
              new Row()
                  .put("net", workload.net())
                  .put("kind", kind == StepKind.BETWEEN_PASSES ? "batch and optimiser" : kind)
                  .put("milliseconds", time, 3)
                  .put("share", time / whole, 4)
                  .put("batch", workload.batch());
          results.put("profile", List.of("net", "kind"), row, load);
        });
  }
}
