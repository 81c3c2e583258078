package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.sweep.LogProgress;
import org.fedlayers.sweep.RunOptions;
import org.fedlayers.sweep.RunOptions.Start;
import org.fedlayers.sweep.Sweep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fedlayers measure}. */
@Command(
    name = "measure",
    description = {
      "Measure kept models: gradients, curvature, landscape and statistics of cells that ran"
          + " elsewhere or without measuring, without training again. What is measured while training"
          + " (divergence, cka, activations) only run can measure.",
      ""
    },
    footer = {
      "",
      "Example: on a machine with a card, then at home with its results and models",
      "  fedlayers run man/methods --scale paper --executor cuda --keep-models \\",
      "    --set measure=none --out results",
      "  fedlayers measure man/methods --scale paper"
    })
final class MeasureCommand extends Subcommand {
  @Mixin private Targets selection;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "where the models are (default: DIR-models, beside the results)")
  private Path models;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    List<Experiment> experiments = selection.experiments();
    RunOptions options = selection.measuring(machine).withModels(models).from(Start.MODELS);
    var progress = new LogProgress(System.out, false, options.workers(), options.executor());
    Interruption.keepingWith(progress::stop);
    Collection<Sweep.Outcome> outcomes = Sweep.run(experiments, options, progress).values();
    if (progress.stopping()) {
      return Interruption.status();
    }
    int failed = outcomes.stream().mapToInt(outcome -> outcome.failed().size()).sum();
    int all = outcomes.stream().mapToInt(Sweep.Outcome::ran).sum();
    String told = "measured %d of %d cells".formatted(all - failed, all);
    out().println(all == 0 ? "every cell has what is asked for already" : told);
    return failed == 0 ? 0 : 1;
  }
}
