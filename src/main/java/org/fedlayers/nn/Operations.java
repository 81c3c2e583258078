package org.fedlayers.nn;

import java.util.List;

/**
 * Floating-point operations of a network's kernels, a multiplication and an addition being two, as
 * the direct algorithm needs them. All else (normalising, activations, the optimiser) does not
 * count.
 */
public final class Operations {
  private Operations() {}

  /** Of one sample's forward pass. */
  public static long forward(Network network) {
    return network.kernelLayers().stream().mapToLong(node -> forward(network, node)).sum();
  }

  /**
   * Of one sample's training step: each kernel is applied forward, to pass errors back, and to sum
   * its gradient; the first layers pass no errors back.
   */
  public static long training(Network network) {
    return network.kernelLayers().stream()
        .mapToLong(node -> (readsImages(network, node) ? 2 : 3) * forward(network, node))
        .sum();
  }

  /** Of one sample's forward pass, one layer's. */
  private static long forward(Network network, Node node) {
    List<Tensor> weights = network.weightsOf(node.index());
    long perPixel = 2L * weights.get(0).size();
    return perPixel * node.shape().pixels();
  }

  /** Whether a layer passes no errors back. */
  private static boolean readsImages(Network network, Node node) {
    return network.node(node.inputs().get(0)).layer() instanceof Layer.Input;
  }
}
