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
 * The table {@code profile}: where the time of a plan's training step goes, by kind of work.
 * Medians over steps.
 */
record StepProfile(Results results, Timing timing) {
  private static final List<String> KEY = List.of("net", "kind");

  /** What every pass of a model takes, by kind of work; the passes are alike. */
  static final class Laps implements StepListener {
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

    /**
     * Milliseconds of a pass: medians, so that the first ones and interrupted ones do not count.
     */
    Map<StepKind, Double> milliseconds() {
      Map<StepKind, Double> medians = new EnumMap<>(StepKind.class);
      for (StepKind kind : passes.get(0).keySet()) {
        double[] nanos = passes.stream().mapToDouble(pass -> pass.get(kind)).toArray();
        medians.put(kind, Turns.median(nanos) / 1e6);
      }
      return medians;
    }
  }

  /** Adds a row a kind of work. */
  void measure(Workload workload) {
    Load load = Load.now();
    Laps laps = new Laps();
    try (var run =
        new TrainingRun(
            workload,
            Workload.Variant.PLAIN,
            () -> new PlanModel(workload.network(), PlanModel.EVALUATION_BATCH, laps),
            1,
            timing)) {
      Turns.take(timing, new Turns.Contender[] {run});
    }
    Map<StepKind, Double> times = laps.milliseconds();
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
          results.put("profile", KEY, row, load);
        });
  }
}
