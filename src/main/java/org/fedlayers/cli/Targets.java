package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.fedlayers.data.DataHome;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.options.UserError;
import org.fedlayers.report.Figures;
import org.fedlayers.sweep.RunOptions;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that select experiments, and the folders of their results and state. */
final class Targets {
  private static final Pattern RANGE =
      Pattern.compile("(\\d{1,15})(?:-(\\d{1,15}))?"); // exact in a CSV file
  private static final Pattern MEASURES = Pattern.compile("^measure(\\.what)?=");
  private static final int MOST_SEEDS = 1000;

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
      description = "in place of the file's seeds, for example 0,1 or 0-2")
  private List<String> seeds = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "another value of a setting; a list [a,b] makes an axis of the grid, KEY= unsets it")
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
    List<Long> chosen = seeds.stream().flatMapToLong(Targets::range).distinct().boxed().toList();
    List<Experiment> experiments =
        Catalogue.find(target).stream()
            .map(source -> ExperimentReader.read(source, scale, overrides, chosen))
            .toList();
    experiments.forEach(experiment -> Figures.check(experiment.figures()));
    return experiments;
  }

  /** The seeds of {@code 3} or {@code 0-2}. */
  private static LongStream range(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new UserError(
          "--seeds has " + text + ", expected whole numbers from 0, for example 0,1 or 0-2");
    }
    long first = Long.parseLong(range.group(1));
    long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
    if (last < first || last - first >= MOST_SEEDS) {
      throw new UserError(
          "--seeds has %s, expected a range of 1 to %d seeds, for example 0-2"
              .formatted(text, MOST_SEEDS));
    }
    return LongStream.rangeClosed(first, last);
  }

  /** How to run, in the folders that are named and on this machine. */
  RunOptions options(Machine machine) {
    return options(machine, !overrides.isEmpty());
  }

  /** How to measure what ran: measures of another kind are of the same cells. */
  RunOptions measuring(Machine machine) {
    return options(machine, overrides.stream().anyMatch(one -> !MEASURES.matcher(one).find()));
  }

  private RunOptions options(Machine machine, boolean trial) {
    RunOptions options =
        RunOptions.into(Home.results(out, trial ? "trials" : "results"))
            .on(DataHome.resolve(machine.data()), machine.workers(), machine.executor());
    return state == null ? options : options.withState(state);
  }
}
