package org.fedlayers.experiment;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.Randomness;
import org.fedlayers.diagnostics.Hessian;
import org.fedlayers.diagnostics.ImageSample;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.Problem;
import org.fedlayers.nn.Pass;

/**
 * How long cells will take, from a few timed steps of each network at each batch size: seconds of
 * one worker, not of the clock.
 */
final class Projection {
  private static final int TIMED = 2;

  /** Images that a product with the Hessian is timed on. */
  private static final int PROBED = 10;

  /** About as many as five eigenvalues, a trace and a few layers take. */
  private static final int PRODUCTS = 120;

  /** Seconds an image; the last for a product with the Hessian, 0 where none is wanted. */
  private record Speed(double training, double scoring, double product) {}

  private final Map<String, Speed> speeds = new HashMap<>();

  double seconds(CellBuilder.Built built, Cell cell) {
    boolean large = cell.arm() == Arm.CENTRAL_LARGE;
    String kind =
        built.network()
            + " "
            + cell.configuration().training().batch()
            + (large ? " x " + cell.configuration().federation().expectedCohort() : "")
            + cell.configuration().normaliser();
    MeasureSettings measure = cell.configuration().measure();
    List<String> measured = measure.what();
    boolean curved = measured.contains(Measurements.CURVATURE);
    Speed speed = speeds.computeIfAbsent(kind + curved, none -> measure(built, curved));
    int models = cell.arm() == Arm.FEDERATED ? cell.configuration().scoring().averages().size() : 1;
    long scored =
        (long) new Schedule(cell.configuration()).count() * models * built.data().test().size();
    long probed = measure.images();
    if (measured.contains(Measurements.LANDSCAPE)) {
      long side = 2L * measure.steps() + 1;
      scored += side * side * probed;
    }
    return NominalHours.samples(cell.configuration())
            * speed.training()
            * built.setting().method().gradientsPerStep()
        + scored * speed.scoring()
        + PRODUCTS * probed * speed.product();
  }

  private static Speed measure(CellBuilder.Built built, boolean curved) {
    ImageProblem problem = built.problem();
    float[] statistics = built.network().freshStatistics();
    float[] gradient = new float[built.weights().length];
    try (Problem.Worker worker = problem.newWorker()) {
      double training = Double.MAX_VALUE;
      double scoring = Double.MAX_VALUE;
      for (int i = 0; i <= TIMED; i++) {
        long start = System.nanoTime();
        var batch = worker.batch(0, 0, statistics, Pass.TRAINING);
        batch.gradient(built.weights(), gradient);
        long trained = System.nanoTime();
        long images = worker.score(0, built.weights(), statistics).samples();
        long scored = System.nanoTime();
        // The first time also compiles.
        if (i > 0) {
          training = Math.min(training, (trained - start) / 1e9 / batch.samples());
          scoring = Math.min(scoring, (scored - trained) / 1e9 / images);
        }
      }
      return new Speed(training, scoring, curved ? product(built) : 0);
    }
  }

  /** On one of the cores that the products of a real measurement share. */
  private static double product(CellBuilder.Built built) {
    ImageSample sample = ImageSample.training(built.data(), PROBED, new Randomness(0));
    Hessian hessian =
        new Hessian(built.network(), built.weights(), built.network().freshStatistics(), sample, 1);
    double[] direction = new double[built.weights().length];
    Arrays.fill(direction, 1);
    double seconds = Double.MAX_VALUE;
    for (int i = 0; i <= TIMED; i++) {
      long start = System.nanoTime();
      hessian.times(direction);
      seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
    }
    return seconds / PROBED;
  }

  /**
   * Seconds of the clock: work spread over workers, but no shorter than the longest cell that has
   * no clients to spread.
   */
  static double clock(Map<Cell, Double> seconds, int workers) {
    double all = seconds.values().stream().mapToDouble(value -> value).sum();
    double longest =
        seconds.entrySet().stream()
            .filter(entry -> entry.getKey().arm() != Arm.FEDERATED)
            .mapToDouble(Map.Entry::getValue)
            .max()
            .orElse(0);
    return Math.max(all / workers, longest);
  }
}
