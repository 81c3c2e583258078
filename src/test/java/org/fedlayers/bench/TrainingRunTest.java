package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.fedlayers.engine.Executor;
import org.junit.jupiter.api.Test;

/** How fast is not asserted; that two clients train and are clocked, is. */
class TrainingRunTest {

  @Test
  void everyWorkerTrainsAndEvaluates() {
    Workload tiny = Workload.named("logistic").withBatch(4);
    try (var run =
        new TrainingRun(tiny, TrainingRun.Variant.PLAIN, Executor.AUTO, 2, Clock.CPU, 0.001)) {
      assertThat(run.rate()).isPositive().isFinite();
      assertThat(run.evaluation().rate()).isPositive().isFinite();
    }
  }
}
