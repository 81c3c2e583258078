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
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;

/**
 * The loss at points w + x d + y e around some weights w, over two random directions (Li et al.,
 * 2018, arXiv 1712.09913). Directions are normal draws in which every filter is scaled to the norm
 * of the filter that it moves, so that networks of different scale can be compared. A filter is the
 * part of a kernel that makes one output channel or unit. Biases and normalisers' scale and shift
 * are not moved, as in the paper.
 *
 * <pre>{@code
 * new Landscape(() -> new GraphModel(network), model, sample, 4, new Randomness(0)).plane(1, 21)
 * }</pre>
 *
 * <p>Normalisers are in evaluation mode and their statistics stay.
 *
 * @param models makes one for each thread
 * @param at w, and the statistics that normalise
 * @param threads to compute on, at least 1; the result does not depend on it
 * @param randomness of the directions: those of one seed are the same for all weights, but for the
 *     filters' norms
 */
public record Landscape(
    Supplier<? extends Model> models,
    Federation.ModelState at,
    ImageSample sample,
    int threads,
    Randomness randomness) {

  private static final int BATCH = 250;

  /**
   * One line of {@code landscape.csv}.
   *
   * @param x steps along the first direction; 1 moves every filter by its own norm
   * @param y steps along the second
   * @param loss mean cross-entropy; NaN where it is beyond all numbers
   * @param accuracy in [0, 1]; NaN without a loss
   */
  public record Point(double x, double y, double loss, double accuracy) {}

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

  /**
   * The loss over a square around the weights.
   *
   * @param radius farthest step along each direction
   * @param points on each side: odd, at least 3, evenly from -radius to radius; the middle one is
   *     at the weights
   * @return row by row: y is the same for {@code points} points
   */
  public List<Point> plane(double radius, int points) {
    double[] steps = steps(radius, points);
    Deque<Model> idle = new ConcurrentLinkedDeque<>();
    List<Point> plane = new ArrayList<>();
    try {
      idle.push(models.get());
      Network network = idle.peek().network();
      double[] first = direction(network, at.weights(), randomness, 0);
      double[] second = direction(network, at.weights(), randomness, 1);
      OrderedTasks.run(
          threads,
          points * points,
          number -> {
            double x = steps[number % points];
            double y = steps[number / points];
            Model free = idle.poll();
            Model model = free == null ? models.get() : free;
            try {
              return point(model, x, y, moved(first, x, second, y));
            } finally {
              idle.push(model);
            }
          },
          plane::add);
    } finally {
      idle.forEach(Model::close);
    }
    return plane;
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
    float[] moved = new float[first.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (at.weights()[i] + x * first[i] + y * second[i]);
    }
    return moved;
  }

  private Point point(Model model, double x, double y, float[] moved) {
    int classes = model.network().classes();
    Score score = Score.NONE;
    for (Batch batch : sample.batches(BATCH)) {
      float[] logits = new float[batch.size() * classes];
      model.logits(moved, at.statistics(), batch, logits);
      score = score.plus(Score.of(logits, batch.labels(), batch.size(), classes));
    }
    boolean known = Double.isFinite(score.meanLoss());
    return new Point(
        x, y, known ? score.meanLoss() : Double.NaN, known ? score.accuracy() : Double.NaN);
  }
}
