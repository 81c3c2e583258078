package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.fedlayers.data.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitialisationTest {
  private static final Randomness SEED = new Randomness(7);

  private static Network build(String name, String option, String value) {
    return Networks.CIFAR_10.with(option, value).named(name);
  }

  private static Map<String, float[]> draw(Initialisation initialisation, Network network) {
    float[] weights = initialisation.weights(network, SEED);
    assertThat(weights).hasSize(network.weightCount());
    return network.weights().stream()
        .collect(
            Collectors.toMap(Tensor::name, t -> Arrays.copyOfRange(weights, t.offset(), t.end())));
  }

  @Test
  void pytorchIsUniformInTheInverseRootOfFanIn() {
    Map<String, float[]> drawn =
        draw(Initialisation.PYTORCH, build("mcmahan-cnn", "normaliser", "none"));
    follows(drawn.get("conv2.kernel"), bounded(32 * 25));
    follows(drawn.get("conv2.bias"), bounded(32 * 25));
    follows(drawn.get("fc1.kernel"), bounded(64 * 8 * 8));
    follows(drawn.get("logits.bias"), bounded(512));
  }

  private static RealDistribution bounded(int fanIn) {
    return new UniformRealDistribution(-1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  }

  @Test
  void heIsNormalWithVarianceTwoOverFanIn() {
    Map<String, float[]> drawn =
        draw(Initialisation.HE, build("mcmahan-cnn", "normaliser", "none"));
    follows(drawn.get("conv2.kernel"), new NormalDistribution(0, Math.sqrt(2.0 / (32 * 25))));
    follows(drawn.get("fc1.kernel"), new NormalDistribution(0, Math.sqrt(2.0 / (64 * 8 * 8))));
    assertThat(drawn.get("conv2.bias")).containsOnly(0f);
    assertThat(drawn.get("logits.bias")).containsOnly(0f);
  }

  /** Kolmogorov-Smirnov on the first thousand draws, and the second moment over all. */
  private static void follows(float[] draws, RealDistribution expected) {
    double[] sample = new double[draws.length];
    double squares = 0;
    for (int i = 0; i < draws.length; i++) {
      sample[i] = draws[i];
      squares += sample[i] * sample[i];
    }
    double[] head = Arrays.copyOf(sample, Math.min(1000, sample.length));
    assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(expected, head))
        .isGreaterThan(0.001);
    if (draws.length > 10_000) {
      double variance = expected.getNumericalVariance();
      assertThat(squares / draws.length).isCloseTo(variance, within(0.03 * variance));
    }
  }

  @ParameterizedTest
  @EnumSource
  void normalisersStartAsIdentity(Initialisation initialisation) {
    Network network = build("fixbn-cnn", "normaliser", "hbn");
    Map<String, float[]> drawn = draw(initialisation, network);
    for (Tensor tensor : network.weights()) {
      switch (tensor.role()) {
        case SCALE -> assertThat(drawn.get(tensor.name())).containsOnly(1f);
        case SHIFT, MIX -> assertThat(drawn.get(tensor.name())).containsOnly(0f);
        default -> {}
      }
    }
    assertThat(drawn).containsKey("norm1.mix");
  }

  @ParameterizedTest
  @EnumSource
  void equalSeedsGiveEqualBitsAndOthersDoNot(Initialisation initialisation) {
    Network network = build("resnet-8", "width", "0.5");
    float[] weights = initialisation.weights(network, SEED);
    assertThat(initialisation.weights(network, new Randomness(7))).isEqualTo(weights);
    assertThat(initialisation.weights(network, new Randomness(8))).isNotEqualTo(weights);
  }

  @ParameterizedTest
  @EnumSource
  void layersThatTwoNetworksShareStartAlike(Initialisation initialisation) {
    Map<String, float[]> batch = draw(initialisation, build("resnet-20", "normaliser", "bn"));
    Map<String, float[]> none = draw(initialisation, build("resnet-20", "normaliser", "none"));
    Map<String, float[]> plain = draw(initialisation, build("resnet-20", "skips", "off"));
    Map<String, float[]> deeper = draw(initialisation, build("resnet-32", "normaliser", "bn"));
    String last = "stage3.block3.conv2.kernel";
    assertThat(none.get(last)).isEqualTo(batch.get(last));
    assertThat(plain.get(last)).isEqualTo(batch.get(last));
    assertThat(deeper.get(last)).isEqualTo(batch.get(last));
  }

  @Test
  void wideningOneLayerLeavesTheDrawsOfOthers() {
    Map<String, float[]> narrow = draw(Initialisation.HE, chain(4));
    Map<String, float[]> wide = draw(Initialisation.HE, chain(9));
    assertThat(wide.get("third.kernel")).isEqualTo(narrow.get("third.kernel"));
    assertThat(wide.get("fourth.kernel")).isEqualTo(narrow.get("fourth.kernel"));
  }

  @Test
  void layersOfOneShapeDoNotRepeatEachOther() {
    Map<String, float[]> drawn = draw(Initialisation.HE, chain(4));
    assertThat(drawn.get("third.kernel"))
        .hasSameSizeAs(drawn.get("fourth.kernel"))
        .isNotEqualTo(drawn.get("fourth.kernel"));
  }

  private static Network chain(int firstWidth) {
    var b = new NetworkBuilder("chain", Shape.vector(5));
    Node x = b.dense("second", b.dense("first", b.input(), firstWidth), 6);
    return b.logits(b.dense("fourth", b.dense("third", x, 6), 6));
  }
}
