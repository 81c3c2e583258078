package org.fedlayers.nn.dual;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network on one chunk of images, layer by layer in dual numbers: forward with the weights moving
 * along a direction, then back, which gives R of the gradient, that is the Hessian's product with
 * the direction (Pearlmutter, 1994). In evaluation mode: no image's result depends on the others.
 * The next pass uses the same arrays again.
 */
public final class DualPass {
  private final DualModel model;
  private final Network network;
  private final Batch batch;
  private final ArrayPool pool;
  private final DualLayers layers;
  private final double[] probabilities;
  private final double loss;

  DualPass(DualModel model, Batch batch, ArrayPool pool) {
    this.model = model;
    this.network = model.network;
    this.batch = batch;
    this.pool = pool;
    layers = new DualLayers(model, batch, pool);
    int classes = network.classes();
    double[] z = logits().value().numbers();
    probabilities = new double[z.length];
    double sum = 0;
    for (int i = 0; i < batch.size(); i++) {
      sum += CrossEntropy.softmax(z, i * classes, classes, batch.labels()[i], probabilities);
    }
    loss = sum;
  }

  private Dual logits() {
    return layers.steps.get(layers.steps.size() - 1).output();
  }

  /** What a node puts out: [images, channels, height, width], row-major. */
  public double[] output(Node node) {
    return layers.steps.get(node.index()).output().value().numbers().clone();
  }

  /** The softmax of the first image. */
  public double[] probabilities() {
    return Arrays.copyOf(probabilities, network.classes());
  }

  /** The sum of the images' cross-entropies. */
  public double loss() {
    return loss;
  }

  /**
   * R of the gradient by a block of the weights, of this chunk's part of the mean cross-entropy
   * over n images. With p = softmax(z), dz = (p - onehot) / n and Rdz = (p * Rz - p (p . Rz)) / n.
   *
   * @param images n
   * @param first offset of the block, whose weights are those that move
   * @param size of the block
   */
  public double[] product(int images, int first, int size) {
    int classes = network.classes();
    double[] moved = logits().tangent().numbers();
    double[] gradient = new double[probabilities.length];
    double[] moving = new double[probabilities.length];
    for (int row = 0; row < gradient.length; row += classes) {
      double drift = 0;
      for (int j = row; j < row + classes; j++) {
        drift += probabilities[j] * moved[j];
      }
      for (int j = row; j < row + classes; j++) {
        double hit = j - row == batch.labels()[row / classes] ? 1 : 0;
        gradient[j] = (probabilities[j] - hit) / images;
        moving[j] = probabilities[j] * (moved[j] - drift) / images;
      }
    }
    descend(new Dual(likeLogits(gradient), likeLogits(moving)), Dual::moves);
    double[] product = new double[size];
    layers.gradients.forEach(
        (tensor, values) -> {
          if (tensor.offset() >= first && tensor.offset() < first + size) {
            int at = tensor.offset() - first;
            System.arraycopy(values.numbers(), 0, product, at, tensor.size());
          }
        });
    return product;
  }

  private PassArray likeLogits(double[] numbers) {
    return pool.values(numbers, logits().value().shape());
  }

  /**
   * The derivative by every node's output of logit {@code first} of the first image, the next logit
   * of the next image, and so on; null at nodes beneath all weights. Needs weights that do not
   * move.
   *
   * @param first from 0; at most as many images follow as there are logits left
   */
  public List<INDArray> gradientsOfLogits(int first) {
    double[] each = new double[probabilities.length];
    for (int i = first; i < each.length; i += network.classes() + 1) {
      each[i] = 1;
    }
    // With nothing that moves, what runs back as a tangent is the derivative itself.
    Dual start = new Dual(likeLogits(new double[each.length]), likeLogits(each));
    return Stream.of(descend(start, weight -> true))
        .map(one -> one == null ? null : one.tangent().array())
        .toList();
  }

  /** The gradients by the outputs of all nodes at or above a weight of some kind. */
  private Dual[] descend(Dual start, Predicate<Dual> kind) {
    boolean[] wanted =
        network.reachableFrom(
            node ->
                network.weightsOf(node.index()).stream().map(model.weights::get).anyMatch(kind));
    Dual[] gradients = new Dual[wanted.length];
    gradients[gradients.length - 1] = start;
    for (int i = gradients.length - 1; i > 0; i--) {
      if (gradients[i] == null) {
        continue;
      }
      List<Integer> inputs = network.node(i).inputs();
      boolean further = inputs.stream().anyMatch(input -> wanted[input]);
      Dual back = layers.steps.get(i).back().of(gradients[i], further);
      for (int input : inputs) {
        if (wanted[input]) {
          gradients[input] = gradients[input] == null ? back : gradients[input].plus(back, pool);
        }
      }
    }
    return gradients;
  }
}
