package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network on one chunk of images, layer by layer in dual numbers: forward with the weights moving
 * along a direction, then back, which gives R of the gradient, that is the Hessian's product with
 * the direction (Pearlmutter, 1994). In evaluation mode: images do not see each other.
 */
final class DualPass {
  private final Network network;
  private final Arena arena;
  private final List<List<Dual>> weights;
  private final List<DualLayer> layers = new ArrayList<>();
  private final List<Dual> outputs = new ArrayList<>();

  /**
   * @param weights of each node, in order; those that move have a tangent
   * @param statistics the network's
   */
  DualPass(
      Network network, List<List<Dual>> weights, double[] statistics, Batch batch, Arena arena) {
    this.arena = arena;
    this.network = network;
    this.weights = weights;
    outputs.add(Dual.constant(images(network, batch, arena)));
    layers.add(null);
    for (Node node : network.nodes().subList(1, network.nodes().size())) {
      DualLayer layer = DualLayer.of(network, node, weights.get(node.index()), statistics, arena);
      layers.add(layer);
      outputs.add(layer.forward(node.inputs().stream().map(outputs::get).toList()));
    }
  }

  private static INDArray images(Network network, Batch batch, Arena arena) {
    var shape = network.input();
    INDArray images = arena.take(batch.size(), shape.channels(), shape.height(), shape.width());
    ArrayValues values = ArrayValues.of(images);
    for (int i = 0; i < images.length(); i++) {
      values.set(i, batch.pixels()[i]);
    }
    return images;
  }

  Dual logits() {
    return outputs.get(outputs.size() - 1);
  }

  Dual output(Node node) {
    return outputs.get(node.index());
  }

  /**
   * R of the gradient by the weights of every node that moves, or lies above one that does; the
   * lists of other nodes are empty.
   *
   * @param slope derivative of the loss by the logits
   */
  List<List<INDArray>> backward(Dual slope) {
    boolean[] wanted = atOrAbove(own -> own.stream().anyMatch(Dual::moves));
    List<List<INDArray>> gradients = new ArrayList<>();
    network.nodes().forEach(node -> gradients.add(List.of()));
    descend(slope, wanted, (back, node) -> gradients.set(node, back.weights()));
    return gradients;
  }

  /**
   * The derivative of logit c by every node's output, in the c-th of as many images as there are
   * classes; null at nodes beneath all weights. Needs weights that do not move.
   */
  List<INDArray> slopesOfLogits() {
    INDArray each = arena.zeros(logits().value().shape());
    ArrayValues values = ArrayValues.of(each);
    int classes = (int) each.size(1);
    for (int i = 0; i < classes; i++) {
      values.set(i * classes + i, 1);
    }
    // With nothing that moves, what runs back as a tangent is the derivative itself.
    Dual slope = new Dual(arena.zeros(each.shape()), each);
    Dual[] slopes = descend(slope, atOrAbove(own -> !own.isEmpty()), (back, node) -> {});
    return Arrays.stream(slopes).map(one -> one == null ? null : one.tangent()).toList();
  }

  /** The slopes by the outputs of all wanted nodes. */
  private Dual[] descend(Dual slope, boolean[] wanted, ObjIntConsumer<DualLayer.Slopes> visitor) {
    Dual[] slopes = new Dual[layers.size()];
    slopes[slopes.length - 1] = slope;
    for (int i = slopes.length - 1; i > 0; i--) {
      if (slopes[i] == null) {
        continue;
      }
      Node node = network.node(i);
      boolean further = node.inputs().stream().anyMatch(input -> wanted[input]);
      DualLayer.Slopes back = layers.get(i).backward(slopes[i], further);
      visitor.accept(back, i);
      for (int input : node.inputs()) {
        if (wanted[input]) {
          slopes[input] =
              slopes[input] == null ? back.input() : slopes[input].plus(back.input(), arena);
        }
      }
    }
    return slopes;
  }

  /** Whether a node's own weights, or those of a node beneath it, are of some kind. */
  private boolean[] atOrAbove(Predicate<List<Dual>> kind) {
    boolean[] above = new boolean[layers.size()];
    for (Node node : network.nodes()) {
      above[node.index()] =
          kind.test(weights.get(node.index()))
              || node.inputs().stream().anyMatch(input -> above[input]);
    }
    return above;
  }
}
