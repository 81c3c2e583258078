package org.fedlayers.bench;

import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Operations;
import org.fedlayers.nn.plan.StepKind;

/** {@link Operations} of a training step, shared out to the kinds of steps in a plan. */
final class StepOperations {
  private StepOperations() {}

  /** Of one sample; 0 for kinds of which none are counted. */
  static long of(Network network, StepKind kind) {
    return network.kernelLayers().stream()
        .filter(node -> node.layer() instanceof Layer.Dense == (kind == StepKind.DENSE))
        .mapToLong(node -> times(network, node, kind) * Operations.forward(network, node))
        .sum();
  }

  private static int times(Network network, Node node, StepKind kind) {
    return switch (kind) {
      case CONVOLUTION_FORWARD, CONVOLUTION_BACKWARD_WEIGHTS -> 1;
      case CONVOLUTION_BACKWARD_DATA -> Operations.readsImages(network, node) ? 0 : 1;
      case DENSE -> Operations.readsImages(network, node) ? 2 : 3;
      default -> 0;
    };
  }
}
