package org.fedlayers.federated;

import org.fedlayers.options.Option;

/**
 * Drift decoupling and correction (Gao et al., CVPR 2022, arXiv 2203.11751): with the drift h_i +=
 * theta_i - theta and SCAFFOLD's control variates c_i and c, a client minimises
 *
 * <pre>
 * f_i(w) + alpha/2 ||w - (theta - h_i)||^2 + &lt;w, c - c_i&gt;
 * theta+ = sum_S p_i theta_i + (1/N) sum_all N p_i h_i
 * </pre>
 *
 * With alpha 0 it is not FedAvg: the server still adds the drift.
 */
public record FedDc(
    @Option(value = "weight of the drift", range = "[0, 1e6]", standard = "0.01") double alpha)
    implements Drift, ControlVariates {
  @Override
  public Slots slots() {
    return Drift.super.slots().and(ControlVariates.super.slots());
  }

  @Override
  public LocalStep localStep(ClientView client) {
    float[] target = Vectors.minus(client.start(), client.memory(DRIFT));
    return LocalStep.SGD
        .with(LocalStep.Correction.towards(target, alpha))
        .with(ControlVariates.correction(client));
  }

  @Override
  public void afterLocal(ClientView client, LocalResult result) {
    Drift.super.afterLocal(client, result);
    ControlVariates.super.afterLocal(client, result);
  }

  @Override
  public void aggregate(ServerView server, CohortSum sum) {
    Drift.super.aggregate(server, sum);
    ControlVariates.aggregateVariate(server, sum);
  }
}
