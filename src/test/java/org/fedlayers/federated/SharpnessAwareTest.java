package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;

/** Where sharpness-aware minimisation asks for gradients. */
class SharpnessAwareTest {

  /** Records where gradients are asked for, and which pass may move statistics. */
  private static final class Witness implements Objective {
    final List<double[]> moving = new ArrayList<>();
    final List<double[]> keeping = new ArrayList<>();
    final float[] gradient;

    Witness(float... gradient) {
      this.gradient = gradient;
    }

    @Override
    public int samples() {
      return 1;
    }

    @Override
    public double gradient(float[] weights, LogitLoss loss, boolean keep, float[] into) {
      (keep ? keeping : moving).add(Quadratic.doubles(weights));
      System.arraycopy(gradient, 0, into, 0, into.length);
      if (keep) {
        Arrays.fill(into, 9);
      }
      return keep ? 8 : 7;
    }
  }

  private static ClientView client(Problem problem, Method method, float[] start) {
    ServerState server = ServerState.initial(start, new float[0]);
    Setting setting = Runs.setting(method, TrainingSettings.steps(1, 0.1));
    return new ClientView(problem, setting, server, ClientMemory.onHeap(), 0);
  }

  @Test
  void samAsksAtThePerturbedPointAndMovesStatisticsOnce() {
    float[] weights = {1, -2, 0, 4};
    Witness witness = new Witness(3, 0, 0, -4);
    FedSam sam = new FedSam(0.5);
    float[] direction = new float[4];
    double loss =
        sam.localStep(client(Quadratic.of(4, 1), sam, weights))
            .direction(witness, weights, direction);
    assertThat(loss).isEqualTo(7);
    assertThat(witness.moving).containsExactly(new double[] {1, -2, 0, 4});
    // e = 0.5 (3, 0, 0, -4) / 5
    assertThat(witness.keeping).hasSize(1);
    assertThat(witness.keeping.get(0))
        .containsExactly(new double[] {1.3, -2, 0, 3.6}, within(1e-6));
    assertThat(direction).containsExactly(9, 9, 9, 9);
    assertThat(weights).containsExactly(1, -2, 0, 4);
  }

  @Test
  void asamStretchesKernelsAndScales() {
    float[] weights = {1, -2, 0, 4};
    Witness witness = new Witness(1, -1, 2, 2);
    FedAsam asam = new FedAsam(0.5, 0.5);
    Quadratic problem =
        Quadratic.of(4, 1)
            .with(
                new Tensor(0, "w", Tensor.Role.KERNEL, new int[] {2}, 0, 2, 2),
                new Tensor(1, "s", Tensor.Role.SCALE, new int[] {1}, 2, 1, 0),
                new Tensor(1, "b", Tensor.Role.SHIFT, new int[] {1}, 3, 1, 0));
    LocalStep step = asam.localStep(client(problem, asam, weights));
    step.direction(witness, weights, new float[4]);
    // T = (1.5, 2.5, 0.5, 1), T g = (1.5, -2.5, 1, 2), of norm sqrt(13.5)
    double factor = 0.5 / Math.sqrt(13.5);
    double[] perturbed = {
      1 + factor * 2.25, -2 - factor * 6.25, factor * 0.5, 4 + factor * 2,
    };
    assertThat(witness.keeping.get(0)).containsExactly(perturbed, within(1e-6));
    float[] later = {2, 2, 2, 2};
    step.direction(witness, later, new float[4]);
    // T follows the weights: T g = (2.5, -2.5, 5, 2), of norm sqrt(41.5)
    factor = 0.5 / Math.sqrt(41.5);
    double[] then = {2 + factor * 6.25, 2 - factor * 6.25, 2 + factor * 12.5, 2 + factor * 2};
    assertThat(witness.keeping.get(1)).containsExactly(then, within(1e-6));
  }

  @Test
  void aZeroGradientPerturbsNothing() {
    float[] weights = {1, -2, 0, 4};
    for (Method method : List.of(new FedSam(0.5), new FedAsam(0.5, 0.2))) {
      Witness flat = new Witness(0, 0, 0, 0);
      method
          .localStep(client(Quadratic.of(4, 1), method, weights))
          .direction(flat, weights, new float[4]);
      assertThat(flat.keeping).containsExactly(new double[] {1, -2, 0, 4});
    }
  }
}
