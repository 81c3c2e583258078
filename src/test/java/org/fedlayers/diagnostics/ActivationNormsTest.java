package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.graph.GraphModel;
import org.junit.jupiter.api.Test;

/** Held against the penalty that training adds to the loss, which another room computes. */
class ActivationNormsTest {

  @Test
  void addUpToThePenaltyOfTraining() {
    // More images than go through at once.
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.BATCH, Layer.Function.RELU), 120, 7);
    Map<String, Double> norms = ActivationNorms.of(tiny.network(), tiny.model(), tiny.sample(), 1);
    assertThat(norms.keySet())
        .containsExactlyElementsOf(tiny.network().penalised().stream().map(Node::name).toList());
    double zeta = 0.3;
    try (GraphModel model = new GraphModel(tiny.network())) {
      model.gradient(
          tiny.floatWeights(),
          tiny.floatStatistics(),
          tiny.sample().batch(0, tiny.sample().size()),
          Pass.FROZEN.withPenalty(zeta),
          CrossEntropy.INSTANCE,
          new float[tiny.network().weightCount()]);
      double sum = norms.values().stream().mapToDouble(norm -> norm).sum();
      assertThat(zeta / 2 * sum).isCloseTo(model.penalty(), within(1e-5 * model.penalty()));
    }
    assertThat(norms.values()).allMatch(norm -> norm > 0.01);
  }
}
