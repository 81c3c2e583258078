package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

/** Settings of an experiment that belong to no group: its length, and the arms to compare. */
public record RunSettings(
    @Option(value = "communication rounds", range = "[1, 1000000]") Integer rounds,
    @Option(
            value =
                "steps of a client over all rounds, in place of rounds; a multiple of"
                    + " training.steps",
            range = "[1, 2000000000]")
        Integer totalSteps,
    @Option(value = "what is run side by side", range = "federated | central-small | central-large")
        List<String> arms) {

  public RunSettings {
    OptionError.refuseBoth(rounds != null && totalSteps != null, "total-steps", "rounds");
  }

  public RunSettings() {
    this(null, null, List.of(Arm.FEDERATED.text()));
  }

  /** Whether nothing is run beside the federation. */
  public boolean isFederatedAlone() {
    return arms.equals(new RunSettings().arms);
  }
}
