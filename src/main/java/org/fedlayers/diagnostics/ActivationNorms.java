package org.fedlayers.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;

/**
 * Mean squared activations of a network, layer by layer. Their sum times zeta/2 is the penalty of
 * MAN (arXiv 2512.08314).
 */
public final class ActivationNorms {
  private ActivationNorms() {}

  /**
   * The mean over images and units of the squared activation, by the name of each of {@link
   * Network#penalised()}, from the input to the output. Normalisers are in evaluation mode.
   *
   * @param threads to compute on, at least 1; the result does not depend on it
   */
  public static Map<String, Double> of(
      Network network, Federation.ModelState at, ImageSample sample, int threads) {
    List<Node> nodes = network.penalised();
    double[] squares = new Hessian(network, at, sample, threads).squaredOutputs(nodes);
    Map<String, Double> norms = new LinkedHashMap<>();
    for (int i = 0; i < squares.length; i++) {
      norms.put(nodes.get(i).name(), squares[i] / sample.size() / nodes.get(i).shape().size());
    }
    return norms;
  }
}
