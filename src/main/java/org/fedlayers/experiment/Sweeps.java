package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;

/**
 * Several experiments, run one after another. All of them are checked before the first begins, so
 * that the last is not refused after hours; image sets are read once for all.
 */
public final class Sweeps {
  private Sweeps() {}

  /** On threads of this process. */
  public static Map<Experiment, Sweep.Outcome> run(
      List<Experiment> experiments, RunOptions options, SweepProgress progress) {
    return run(experiments, options, progress, ThreadEngine::new);
  }

  /**
   * @param engines start an engine for as many cells side by side
   * @return how each experiment ended, as far as they were begun before {@link
   *     SweepProgress#stopping()}
   * @throws UserError with everything that stands in the way, before anything is run
   * @throws StoppedException if that was asked for before anything was run
   */
  public static Map<Experiment, Sweep.Outcome> run(
      List<Experiment> experiments,
      RunOptions options,
      SweepProgress progress,
      IntFunction<Engine> engines) {
    CellBuilder builder = new CellBuilder(new DataShelf(options.data()), options.executor());
    return run(
        experiments.stream()
            .map(one -> new Sweep(one, options, progress, engines, builder))
            .toList(),
        progress);
  }

  /** The cells of an experiment that have rows in a results folder. */
  public static Set<Cell> finished(Experiment experiment, Path out) {
    Set<String> ids = new ResultsFolder(experiment.in(out)).published().keySet();
    return experiment.cells().stream()
        .filter(cell -> ids.contains(cell.id()))
        .collect(Collectors.toSet());
  }

  static Map<Experiment, Sweep.Outcome> run(List<Sweep> sweeps, SweepProgress progress) {
    Map<Experiment, Sweep.Outcome> outcomes = new LinkedHashMap<>();
    Deque<WorkFolder> held = new ArrayDeque<>();
    try {
      Problems problems = new Problems();
      for (Sweep sweep : sweeps) {
        sweep.take(held);
        sweep.check(problems);
      }
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
      held.forEach(WorkFolder::close); // the last first: with it goes what was made for it
      progress.close();
    }
  }
}
