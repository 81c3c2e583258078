package org.fedlayers.experiment;

import org.fedlayers.data.DataSets;
import org.fedlayers.data.DataSettings;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Operations;

/**
 * Roughly how long an experiment trains, counted rather than measured: without its images, and the
 * same on every machine. {@link Sweep} measures before it starts.
 */
public final class NominalHours {
  /**
   * Operations a second of one core: between a narrow and a wide net's in {@code results/bench}.
   */
  private static final double SPEED = 60e9;

  private NominalHours() {}

  /** Hours of training on so many cores; scoring and measuring come on top. */
  public static double of(Experiment experiment, int cores) {
    double operations =
        experiment.cells().stream()
            .map(Cell::configuration)
            .mapToDouble(NominalHours::operations)
            .sum();
    return operations / SPEED / cores / 3600;
  }

  private static double operations(Configuration settings) {
    return samples(settings)
        * settings.method().gradientsPerStep()
        * Operations.training(settings.network());
  }

  /** Images that any arm processes in training, as far as the settings tell. */
  static double samples(Configuration settings) {
    TrainingSettings training = settings.training();
    FederationSettings federation = settings.federation();
    double each = (double) images(settings) / federation.clients();
    double perClient =
        training.steps() != null
            ? training.steps() * Math.min(training.batch(), each)
            : training.epochs() * each;
    return perClient * federation.expectedCohort() * settings.rounds();
  }

  /** Training images of all clients, as far as the settings tell; a set may turn out smaller. */
  static long images(Configuration settings) {
    DataSettings data = settings.data();
    FederationSettings federation = settings.federation();
    if (federation.samples() != null) {
      return (long) federation.samples() * federation.clients();
    }
    return data.train() != null
        ? data.train()
        : (long) (DataSets.facts(data.set()).trainImages() * (1 - data.holdOut()));
  }
}
