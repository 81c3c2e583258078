package org.fedlayers.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether two clients' gradients average to the gradient of their pooled batch: what decides if one
 * federated step is a centralised one (arXiv 2303.06530).
 */
class BatchAdditivityTest {
  private static final int HALF = 3;

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(Normaliser.NONE, Pass.TRAINING, true),
        Arguments.of(Normaliser.group(2), Pass.TRAINING, true),
        Arguments.of(Normaliser.LAYER, Pass.TRAINING, true),
        Arguments.of(Normaliser.INSTANCE, Pass.TRAINING, true),
        Arguments.of(Normaliser.BATCH, Pass.FROZEN, true),
        Arguments.of(Normaliser.HYBRID, Pass.FROZEN, true),
        Arguments.of(Normaliser.BATCH, Pass.TRAINING, false),
        Arguments.of(Normaliser.BATCH, Pass.KEEPING, false),
        Arguments.of(Normaliser.HYBRID, Pass.TRAINING, false));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource("cases")
  void halvesAverageToTheWholeUnlessBatchesNormalise(
      Normaliser normaliser, Pass pass, boolean additive) {
    Network network = Case.residual(normaliser);
    Case pooled = Case.of(network, 2 * HALF);
    Pass penalised = pass.withPenalty(0.3);
    try (var model = new DoubleGraphModel(network)) {
      double[] whole = gradient(model, pooled, penalised);
      double[] first = gradient(model, part(pooled, 0), penalised);
      double[] second = gradient(model, part(pooled, HALF), penalised);
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < whole.length; i++) {
        difference += Math.pow((first[i] + second[i]) / 2 - whole[i], 2);
        norm += Math.pow(whole[i], 2);
      }
      double relative = Math.sqrt(difference / norm);
      if (additive) {
        assertThat(relative).isLessThan(1e-10);
      } else {
        assertThat(relative).isGreaterThan(0.01);
      }
    }
  }

  private static double[] gradient(DoubleGraphModel model, Case c, Pass pass) {
    double[] gradient = new double[c.weights().length];
    model.gradient(
        c.weights(), c.statistics().clone(), c.batch(), pass, CrossEntropy.INSTANCE, gradient);
    return gradient;
  }

  /** Half of the images, from the given one on. */
  private static Case part(Case pooled, int from) {
    int image = pooled.network().input().size();
    var batch = new Batch(HALF, image);
    System.arraycopy(pooled.batch().pixels(), from * image, batch.pixels(), 0, HALF * image);
    System.arraycopy(pooled.batch().labels(), from, batch.labels(), 0, HALF);
    batch.resize(HALF);
    return new Case(pooled.network(), pooled.weights(), pooled.statistics(), batch);
  }
}
