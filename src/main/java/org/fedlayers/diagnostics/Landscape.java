package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.data.Batch;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.OrderedTasks;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;

/**
 * The loss at points w + x d + y e around some weights w, along one or two random directions (Li et
 * al., 2018, arXiv 1712.09913). Directions are normal draws in which every filter is scaled to the
 * norm of the filter that it moves, so that networks of different scale can be compared. A filter
 * is the part of a kernel that makes one output channel or unit. Biases and normalisers' scale and
 * shift are not moved, as in the paper.
 *
 * <pre>{@code
 * Landscape.of(() -> new GraphModel(network), weights, statistics, sample).plane(1, 21)
 * }</pre>
 *
 * <p>Normalisers are in evaluation mode and their statistics stay.
 *
 * @param models makes one for each thread
 * @param threads to compute on; the result does not depend on it
 * @param randomness of the directions: those of one seed are the same for all weights, but for the
 *     filters' norms
 */
public record Landscape(
    Supplier<? extends Model> models,
    float[] weights,
    float[] statistics,
    ImageSample sample,
    int threads,
    Randomness randomness) {

  private static final int BATCH = 250;

  /**
   * One line of {@code landscape.csv}.
   *
   * @param x steps along the first direction; 1 moves every filter by its own norm
   * @param y steps along the second
   * @param loss mean cross-entropy
   * @param accuracy in [0, 1]
   */
  public record Point(double x, double y, double loss, double accuracy) {}

  /** On all cores. */
  public static Landscape of(
      Supplier<? extends Model> models, float[] weights, float[] statistics, ImageSample sample) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Landscape(models, weights, statistics, sample, cores, new Randomness(0));
  }

  public Landscape withRandomness(Randomness other) {
    return new Landscape(models, weights, statistics, sample, threads, other);
  }

  /**
   * Along one direction.
   *
   * @param radius farthest step
   * @param points odd, at least 3, evenly from -radius to radius; the middle one is at the weights
   */
  public List<Point> line(double radius, int points) {
    return measure(steps(radius, points), new double[] {0});
  }

  /**
   * Over two directions.
   *
   * @param points on each side of the square, as in {@link #line}
   * @return row by row: y is the same for {@code points} points
   */
  public List<Point> plane(double radius, int points) {
    double[] steps = steps(radius, points);
    return measure(steps, steps);
  }

  private static double[] steps(double radius, int points) {
    if (points < 3 || points % 2 == 0 || radius <= 0) {
      throw new IllegalArgumentException(
          "%d points over a radius of %s: it takes an odd number from 3, and a radius above 0"
              .formatted(points, radius));
    }
    double[] steps = new double[points];
    for (int i = 0; i < points; i++) {
      steps[i] = radius * (2.0 * i / (points - 1) - 1);
    }
    return steps;
  }

  private List<Point> measure(double[] xs, double[] ys) {
    Deque<Model> idle = new ConcurrentLinkedDeque<>();
    idle.push(models.get());
    Network network = idle.peek().network();
    double[] first = direction(network, weights, randomness, 0);
    double[] second = direction(network, weights, randomness, 1);
    List<Point> points = new ArrayList<>();
    try {
      OrderedTasks.run(
          threads,
          xs.length * ys.length,
          number -> {
            double x = xs[number % xs.length];
            double y = ys[number / xs.length];
            Model free = idle.poll();
            Model model = free == null ? models.get() : free;
            Point point = at(model, x, y, moved(first, x, second, y));
            idle.push(model);
            return point;
          },
          points::add);
    } finally {
      idle.forEach(Model::close);
    }
    return points;
  }

  /**
   * @param index distinguishes directions of one seed
   */
  static double[] direction(Network network, float[] weights, Randomness randomness, int index) {
    double[] direction = new double[weights.length];
    UniformRandomProvider generator = randomness.of("landscape", index);
    for (Tensor tensor : network.weights()) {
      if (tensor.role() == Tensor.Role.KERNEL) {
        int length = tensor.size() / tensor.dimensions()[0];
        for (int from = tensor.offset(); from < tensor.end(); from += length) {
          double drawn = 0;
          double wanted = 0;
          for (int i = from; i < from + length; i++) {
            direction[i] = Randomness.normal(generator);
            drawn += direction[i] * direction[i];
            wanted += (double) weights[i] * weights[i];
          }
          double factor = Math.sqrt(wanted / drawn);
          for (int i = from; i < from + length; i++) {
            direction[i] *= factor;
          }
        }
      }
    }
    return direction;
  }

  private float[] moved(double[] first, double x, double[] second, double y) {
    float[] moved = new float[weights.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (weights[i] + x * first[i] + y * second[i]);
    }
    return moved;
  }

  private Point at(Model model, double x, double y, float[] moved) {
    int classes = model.network().classes();
    Score score = Score.NONE;
    for (Batch batch : sample.batches(BATCH)) {
      float[] logits = new float[batch.size() * classes];
      model.logits(moved, statistics, batch, logits);
      score = score.plus(Score.of(logits, batch.labels(), batch.size(), classes));
    }
    return new Point(x, y, score.meanLoss(), score.accuracy());
  }
}
