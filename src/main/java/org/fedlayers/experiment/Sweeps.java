package org.fedlayers.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.UserError;
import org.fedlayers.engine.StoppedException;
import org.fedlayers.engine.ThreadEngine;

/**
 * Several experiments, run one after another. All of them are checked before the first begins, so
 * that the last is not refused after hours; image sets are read once for all.
 */
public final class Sweeps {
  private final List<Experiment> experiments;
  private final Sweep.Options options;
  private final Progress progress;

  public Sweeps(List<Experiment> experiments, Sweep.Options options, Progress progress) {
    this.experiments = List.copyOf(experiments);
    this.options = options;
    this.progress = progress;
  }

  /**
   * @return how each experiment ended, as far as they were begun before {@link Progress#stopping()}
   * @throws UserError with everything that stands in the way, before anything is run
   * @throws StoppedException if that was asked for before anything was run
   */
  public Map<Experiment, Sweep.Outcome> run() {
    CellBuilder builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    Projection projection = new Projection(builder);
    Map<Experiment, Sweep> sweeps = new LinkedHashMap<>();
    try {
      Problems problems = new Problems();
      for (Experiment experiment : experiments) {
        Sweep sweep = new Sweep(experiment, options, progress, ThreadEngine::new, builder);
        sweeps.put(experiment, sweep);
        sweep.check(problems);
      }
      problems.throwIfAny("the run");
      sweeps.values().forEach(sweep -> sweep.plan(projection));
      Map<Experiment, Sweep.Outcome> outcomes = new LinkedHashMap<>();
      for (Map.Entry<Experiment, Sweep> sweep : sweeps.entrySet()) {
        if (!progress.stopping()) {
          outcomes.put(sweep.getKey(), sweep.getValue().runPlanned());
        }
      }
      return outcomes;
    } finally {
      sweeps.values().forEach(Sweep::close);
      progress.close();
    }
  }
}
