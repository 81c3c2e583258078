package org.fedlayers.experiment;

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
        experiment.cells().stream().map(Cell::configuration).mapToDouble(c -> operations(c)).sum();
    return operations / SPEED / cores / 3600;
  }

  /** Every arm trains on as many images. */
  private static double operations(Configuration settings) {
    Integer steps = settings.get(Keys.STEPS);
    double each = (double) images(settings) / settings.get(Keys.CLIENTS);
    double perClient =
        steps != null
            ? steps * Math.min(settings.get(Keys.BATCH), each)
            : settings.get(Keys.EPOCHS) * each;
    return perClient
        * CellBuilder.cohort(settings)
        * Schedule.rounds(settings)
        * CellBuilder.method(settings).gradientsPerStep()
        * Operations.training(CellBuilder.network(settings));
  }

  /** Training images of all clients, as far as the settings tell; a set may turn out smaller. */
  static long images(Configuration settings) {
    Integer each = settings.get(Keys.SAMPLES);
    Integer chosen = settings.get(Keys.TRAIN);
    if (each != null) {
      return (long) each * settings.get(Keys.CLIENTS);
    }
    if (chosen != null) {
      return chosen;
    }
    int all =
        switch (settings.get(Keys.DATA)) {
          case "drawn" -> 5_000;
          case "tiny-imagenet-200" -> 100_000;
          default -> 50_000;
        };
    return (long) (all * (1 - settings.get(Keys.HOLD_OUT)));
  }
}
