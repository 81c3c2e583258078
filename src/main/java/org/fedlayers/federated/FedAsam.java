package org.fedlayers.federated;

import java.util.List;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.Option;

/**
 * Adaptive sharpness-aware clients (Caldarola et al., ECCV 2022, arXiv 2203.11834): the
 * neighbourhood scales with the weights, so that rescaling a layer does not change it,
 *
 * <pre>
 * direction = g(w + e),   e = rho T^2 g(w) / ||T g(w)||,   T = |w| + eta for kernels, 1 for the rest
 * </pre>
 */
public record FedAsam(
    @Option(value = "radius of the neighbourhood", range = "[0, 1e6]", standard = "0.5") double rho,
    @Option(value = "least scale of a kernel's weight", range = "[0, 1e6]", standard = "0.2")
        double eta)
    implements SharpnessAware {
  @Override
  public LocalStep localStep(ClientView client) {
    List<Tensor> kernels =
        client.tensors().stream().filter(tensor -> tensor.role() == Tensor.Role.KERNEL).toList();
    float least = (float) eta;
    return SharpnessAware.within(
        rho,
        (weights, scale) -> {
          for (Tensor kernel : kernels) {
            for (int i = kernel.offset(); i < kernel.end(); i++) {
              scale[i] = Math.abs(weights[i]) + least;
            }
          }
        },
        client);
  }
}
