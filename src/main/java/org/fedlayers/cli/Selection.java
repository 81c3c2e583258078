package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.data.DataHome;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.RunOptions;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.fedlayers.report.FigureSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which experiments, and where what belongs to them lies. */
final class Selection {
  @Parameters(
      paramLabel = "TARGET",
      description = "all, a paper, PAPER/EXPERIMENT, or an experiment file of your own (.yaml)")
  private String target;

  @Option(
      names = "--scale",
      paramLabel = "SCALE",
      defaultValue = "quick",
      description = "quick, laptop or paper (default: quick)")
  private String scale;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description = "in place of the file's seeds, for example 0,1")
  private List<Long> seeds = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "another value of a setting; a list [a,b] makes an axis of the grid")
  private List<String> overrides = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "results folder (default: results; with --set: trials)")
  private Path out;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where unfinished work is kept (default: DIR-state, beside the results)")
  private Path state;

  /**
   * Reads them all.
   *
   * @throws UserError with everything that is wrong
   */
  List<Experiment> experiments() {
    seeds.stream()
        .filter(seed -> seed < 0)
        .findAny()
        .ifPresent(
            seed -> {
              throw new UserError("--seeds has " + seed + ", expected whole numbers from 0");
            });
    List<Experiment> experiments = new ArrayList<>();
    for (Source source : Catalogue.find(target)) {
      experiments.add(ExperimentReader.read(source, scale, overrides, seeds));
    }
    experiments.forEach(experiment -> FigureSpec.check(experiment.figures()));
    return experiments;
  }

  private Path results() {
    return Home.results(out, overrides.isEmpty() ? "results" : "trials");
  }

  /** How to run, in the folders that are named and on this machine. */
  RunOptions options(Machine machine) {
    RunOptions options =
        RunOptions.into(results())
            .on(DataHome.resolve(machine.data()), machine.workers(), machine.executor());
    return state == null ? options : options.withState(state);
  }
}
