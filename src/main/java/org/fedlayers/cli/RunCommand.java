package org.fedlayers.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.fedlayers.engine.Cluster;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.LogProgress;
import org.fedlayers.sweep.RunOptions;
import org.fedlayers.sweep.RunOptions.Start;
import org.fedlayers.sweep.Sweep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fedlayers run}. */
@Command(
    name = "run",
    description = {
      "Run experiments. What was interrupted goes on where it was; cells that were finished on this"
          + " machine are not run again.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  fedlayers run divergence/depth                        quick: a minute or two",
      "  fedlayers run divergence/depth --scale laptop --seeds 0-2",
      "  fedlayers run divergence/depth --set model.name=[resnet-8,mcmahan-cnn]",
      "  fedlayers run mine.yaml --out mine",
      "",
      "Results: OUT/SCALE/PAPER/EXPERIMENT/*.csv and provenance.json."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every cell came to its end",
      "1:a cell failed; the others are kept",
      "2:something asked for is wrong or missing; nothing was run",
      "3:a cell diverged, none failed; its rows up to then are results like others"
    })
class RunCommand extends Subcommand {

  @Mixin private Targets selection;

  @Option(
      names = "--checkpoint",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "how much work a crash may cost a cell (default: 20)")
  private int checkpoint;

  @Option(names = "--fresh", description = "forget what was done before, and start anew")
  private boolean fresh;

  @Option(
      names = "--keep-models",
      description = "keep what every cell ends with, for fedlayers measure (in DIR-models)")
  private boolean keepModels;

  @Option(
      names = "--dry-run",
      description =
          "say what would be run and for how long, check images and partitions, run nothing")
  private boolean dryRun;

  private enum Where {
    THREADS,
    SPARK
  }

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "threads",
      description = "where clients train: threads of this machine, or spark (default: threads)")
  private Where engine;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "of Spark: local[2], spark://HOST:7077, ... (default: spark-submit's)")
  private String master;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    if (checkpoint < 0) {
      throw new UserError("--checkpoint is " + checkpoint + ", expected seconds from 0");
    }
    // Everything is read before anything runs.
    List<Experiment> experiments = selection.experiments();
    RunOptions options = options();
    if (dryRun) {
      Map<Experiment, List<Cell>> left = new LinkedHashMap<>();
      experiments.forEach(experiment -> left.put(experiment, tellPlan(experiment, options)));
      Sweep.check(left, options);
      return 0;
    }
    if (experiments.size() > 1) {
      System.out.println("Checking data and folders");
    }
    boolean rewrites = System.console() != null;
    var progress = new LogProgress(System.out, rewrites, options.workers(), options.executor());
    Interruption.keepingWith(progress::stop);
    var outcomes = Sweep.run(experiments, options.on(engines()), progress);
    out().println(RunReport.of(outcomes, options.out()));
    int diverged = tell(outcomes, Sweep.Outcome::diverged);
    int failed = tell(outcomes, Sweep.Outcome::failed);
    if (progress.stopping()) {
      String again = fresh ? "the same command without --fresh" : "the same command";
      err().println("stopped. Finished cells are in the results, finished rounds of others in");
      err().println(Home.shown(options.state()) + "; " + again + " goes on");
      return Interruption.status();
    }
    return failed > 0 ? 1 : diverged > 0 ? 3 : 0;
  }

  /** Cells, which of them are finished, and the time of the others; returns these. */
  private List<Cell> tellPlan(Experiment experiment, RunOptions options) {
    Set<Cell> finished = Sweep.finished(experiment, options);
    List<Cell> left = experiment.cells().stream().filter(cell -> !finished.contains(cell)).toList();
    String time = LogProgress.duration(3600 * NominalHours.of(left, options.workers()));
    int count = experiment.cells().size();
    String cells = (count == 1 ? "1 cell" : count + " cells") + ", " + finished.size();
    out()
        .println(
            "%s at %s scale: %s finished; what is left takes roughly %s on %s cores"
                .formatted(experiment.path(), experiment.scale(), cells, time, options.workers()));
    for (Cell cell : experiment.cells()) {
      out().println("  " + cell + (finished.contains(cell) ? " (finished)" : ""));
    }
    return left;
  }

  /** Writes a line for each cell that ended otherwise, and returns how many did. */
  private int tell(
      Map<Experiment, Sweep.Outcome> outcomes, Function<Sweep.Outcome, Map<Cell, String>> how) {
    outcomes.forEach(
        (experiment, outcome) ->
            how.apply(outcome)
                .forEach(
                    (cell, why) -> err().println(experiment.path() + " " + cell + ": " + why)));
    return outcomes.values().stream().mapToInt(outcome -> how.apply(outcome).size()).sum();
  }

  /** What of earlier runs counts, but for {@code --fresh}. */
  Start start() {
    return Start.STATE;
  }

  private IntFunction<Engine> engines() {
    if (engine == Where.THREADS && master != null) {
      throw new UserError("--master is Spark's: add --engine spark");
    }
    return engine == Where.SPARK ? Cluster.spark().at(master) : ThreadEngine::new;
  }

  private RunOptions options() {
    RunOptions options =
        selection
            .options(machine)
            .checkpointing(Duration.ofSeconds(checkpoint))
            .from(fresh ? Start.NOTHING : start());
    return keepModels ? options.withModels(null) : options;
  }

  /** {@code fedlayers resume}. */
  @Command(
      name = "resume",
      description = {
        "Go on with experiments: like run, but rows that stand in the results folder count as"
            + " finished, whoever ran them on the same images.",
        ""
      },
      footer = {"", "Example:", "  fedlayers resume divergence --scale laptop --seeds 0-2"})
  static final class Resume extends RunCommand {
    @Override
    Start start() {
      return Start.RESULTS;
    }
  }
}
