package org.fedlayers.experiment;

import java.util.Collection;
import java.util.Map;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.DataSettings;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Operations;

/**
 * Roughly how long an experiment takes: operations are counted, and a core is taken to do so many a
 * second. Nothing is measured, so the estimate is there at once and the same on every machine; a
 * run that is under way goes by its own speed.
 */
public final class NominalHours {
  /**
   * Operations a second of one core: between a narrow and a wide net's in {@code results/bench}.
   */
  private static final double SPEED = 60e9;

  /**
   * How many products with the Hessian five eigenvalues, a trace and a few layers take, roughly.
   */
  private static final int PRODUCTS = 120;

  /** How many gradients take as long as one product with the Hessian, which oneDNN has not. */
  private static final int GRADIENTS_PER_PRODUCT = 10;

  private NominalHours() {}

  /** Hours of training on so many cores; scoring and measuring come on top. */
  public static double of(Collection<Cell> cells, int cores) {
    double operations =
        cells.stream().map(Cell::configuration).mapToDouble(NominalHours::operations).sum();
    return operations / SPEED / cores / 3600;
  }

  private static double operations(Configuration settings) {
    return samples(settings)
        * settings.method().gradientsPerStep()
        * Operations.training(settings.network());
  }

  /** Seconds of one core that a cell takes, with its scores and what it measures. */
  public static double seconds(Cell cell, int testImages) {
    Configuration settings = cell.configuration();
    Network network = settings.network();
    MeasureSettings measure = settings.measure();
    int models = cell.arm() == Arm.FEDERATED ? settings.scoring().averages().size() : 1;
    double scored = (double) settings.scoring().count(settings.rounds()) * models * testImages;
    if (measure.has(Measurement.LANDSCAPE)) {
      double side = 2.0 * measure.steps() + 1;
      scored += side * side * measure.images();
    }
    boolean curved = measure.has(Measurement.CURVATURE);
    double gradients = curved ? 1.0 * PRODUCTS * GRADIENTS_PER_PRODUCT * measure.images() : 0;
    double operations =
        operations(settings)
            + scored * Operations.forward(network)
            + gradients * Operations.training(network);
    return operations / SPEED;
  }

  /**
   * Seconds of the clock: work is shared by workers, but a cell with a single client keeps one of
   * them busy to its end.
   */
  public static double clock(Map<Cell, Double> seconds, int workers) {
    double all = seconds.values().stream().mapToDouble(value -> value).sum();
    double longest =
        seconds.entrySet().stream()
            .filter(entry -> entry.getKey().arm() != Arm.FEDERATED)
            .mapToDouble(Map.Entry::getValue)
            .max()
            .orElse(0);
    return Math.max(all / workers, longest);
  }

  /** Images that any arm processes in training, as far as the settings tell. */
  private static double samples(Configuration settings) {
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
