package org.fedlayers.diagnostics;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer as a function of dual numbers, forward and back. An instance serves one pass over one
 * chunk. Activations are [images, channels, height, width].
 */
interface DualLayer {

  /**
   * What flows out of a layer on the way back.
   *
   * @param input derivative of the loss by each of the layer's inputs; null if not wanted
   * @param weights R of the derivative by each of the layer's weight tensors, in order, C-ordered;
   *     their shape may differ from the tensor's
   */
  record Slopes(Dual input, List<INDArray> weights) {}

  Dual forward(List<Dual> inputs);

  /**
   * @param slope derivative of the loss by the output; moves
   * @param wanted whether the slope of the inputs is
   */
  Slopes backward(Dual slope, boolean wanted);

  /**
   * @param weights of the node, in order
   * @param statistics the whole network's
   * @param arena for everything the pass makes
   */
  static DualLayer of(
      Network network, Node node, List<Dual> weights, double[] statistics, Arena arena) {
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution convolution) {
      return new DualConvolution(convolution, node.shape(), weights, arena);
    } else if (layer instanceof Layer.Dense) {
      return new DualDense(weights, arena);
    } else if (layer instanceof Layer.Activate activate) {
      return new DualActivation(activate.function(), arena);
    } else if (layer instanceof Layer.MaxPool pool) {
      return new DualMaxPool(pool, node.shape(), arena);
    } else if (layer instanceof Layer.GlobalAverage) {
      return new DualGlobalAverage(arena);
    } else if (layer instanceof Layer.Add) {
      return new DualAdd(arena);
    } else if (layer instanceof Layer.Normalise normalise) {
      return new DualNormaliser(network, node, normalise.normaliser(), weights, statistics, arena);
    }
    throw new IllegalStateException("no derivative of " + layer);
  }
}
