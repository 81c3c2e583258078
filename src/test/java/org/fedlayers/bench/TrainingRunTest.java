package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.fedlayers.engine.Executor;
import org.junit.jupiter.api.Test;

/** How fast is not asserted; that two clients train and are clocked, is. */
class TrainingRunTest {

  @Test
  void everyWorkerTrainsAndEvaluates() {
    Workload tiny = Workload.named("logistic");
    var models = Executor.AUTO.models(tiny.network());
    Turns.Timing timing = new Turns.Timing(0.001, 1, 1);
    try (var run = new TrainingRun(tiny, Workload.Variant.PLAIN, models, 2, timing)) {
      assertThat(run.rate()).isPositive().isFinite();
      assertThat(run.evaluation().rate()).isPositive().isFinite();
    }
  }
}
