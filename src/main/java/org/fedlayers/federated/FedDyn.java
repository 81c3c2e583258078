package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Dynamic regularisation (Acar et al., ICLR 2021, arXiv 2111.04263), in the form of its authors'
 * code: with the client's drift h_i += theta_i - theta, a client minimises
 *
 * <pre>
 * f_i(w) + alpha &lt;w, h_i - theta&gt; + alpha/2 ||w||^2
 * theta+ = sum_S p_i theta_i + (1/N) sum_all N p_i h_i
 * </pre>
 *
 * of which alpha w acts as decay does, after clipping. That code divides alpha by the client's
 * share of all images and averages the h_i evenly; with clients of equal size both are this. With
 * alpha 0 it is not FedAvg: the server still adds the drift.
 */
public record FedDyn(
    @Option(
            value = "weight of the dynamic regulariser, of the order of the curvature",
            range = "[0, 1e6]",
            standard = "0.01")
        double alpha)
    implements Drift {
  @Override
  public LocalStep localStep(ClientView client) {
    return regularised(alpha, LocalStep.SGD, client);
  }

  /** A step with this method's linear term: FedSpeed's too. */
  static LocalStep regularised(double alpha, LocalStep step, ClientView client) {
    float[] difference = Vectors.minus(client.memory(DRIFT), client.start());
    return step.with((weights, direction) -> Vectors.axpy(alpha, difference, direction));
  }

  @Override
  public double extraDecay(ClientView client) {
    return alpha;
  }
}
