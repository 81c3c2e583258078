package org.fedlayers.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;

/**
 * Several experiments, run one after another. All of them are checked before the first begins, so
 * that the last is not refused after hours; image sets are read once for all.
 */
public final class Sweeps {
  private Sweeps() {}

  /**
   * @return how each experiment ended, as far as they were begun before {@link Progress#stopping()}
   * @throws UserError with everything that stands in the way, before anything is run
   * @throws StoppedException if that was asked for before anything was run
   */
  public static Map<Experiment, Sweep.Outcome> run(
      List<Experiment> experiments, Sweep.Options options, Progress progress) {
    CellBuilder builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    return run(
        experiments.stream()
            .map(one -> new Sweep(one, options, progress, ThreadEngine::new, builder))
            .toList(),
        progress);
  }

  static Map<Experiment, Sweep.Outcome> run(List<Sweep> sweeps, Progress progress) {
    Map<Experiment, Sweep.Outcome> outcomes = new LinkedHashMap<>();
    try {
      Problems problems = new Problems();
      sweeps.forEach(sweep -> sweep.check(problems));
      problems.throwIfAny(sweeps.size() == 1 ? sweeps.get(0).experiment().path() : "the run");
      Projection projection = new Projection();
      sweeps.forEach(sweep -> sweep.plan(projection));
      for (Sweep sweep : sweeps) {
        if (!progress.stopping()) {
          outcomes.put(sweep.experiment(), sweep.runPlanned());
        }
      }
      return outcomes;
    } finally {
      // The last first: folders that were made for a lock go with it where they are empty.
      for (int i = sweeps.size() - 1; i >= 0; i--) {
        sweeps.get(i).close();
      }
      progress.close();
    }
  }
}
