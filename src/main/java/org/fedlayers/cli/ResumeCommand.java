package org.fedlayers.cli;

import org.fedlayers.experiment.RunOptions.Start;
import picocli.CommandLine.Command;

/** {@code fedlayers resume}. */
@Command(
    name = "resume",
    description = {
      "Go on with experiments: like run, but rows that stand in the results folder count as"
          + " finished, whoever ran them on the same images.",
      ""
    },
    footer = {"", "Example:", "  fedlayers resume divergence --scale laptop --seeds 0-2"})
final class ResumeCommand extends RunCommand {
  @Override
  Start start() {
    return Start.RESULTS;
  }
}
