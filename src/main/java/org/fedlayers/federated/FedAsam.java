package org.fedlayers.federated;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.Option;

/**
 * Adaptive sharpness-aware clients (Caldarola et al., ECCV 2022, arXiv 2203.11834): the
 * neighbourhood scales with the weights, so that rescaling a layer does not change it,
 *
 * <pre>
 * direction = g(w + e),   e = rho T^2 g(w) / ||T g(w)||,   T = |w| + eta for kernels and scales, 1 for the rest
 * </pre>
 */
public record FedAsam(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]", standard = "0.5") double rho,
    @Option(value = "least stretch of a weight", range = "[0, 1e6]", standard = "0.2") double eta)
    implements SharpnessAware {
  @Override
  public LocalStep localStep(ClientView client) {
    Set<Tensor.Role> stretched = EnumSet.of(Tensor.Role.KERNEL, Tensor.Role.SCALE);
    List<Tensor> tensors =
        client.tensors().stream().filter(tensor -> stretched.contains(tensor.role())).toList();
    float least = (float) eta;
    return SharpnessAware.within(
        rho,
        (weights, scale) -> {
          for (Tensor tensor : tensors) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
              scale[i] = Math.abs(weights[i]) + least;
            }
          }
        },
        client);
  }
}
