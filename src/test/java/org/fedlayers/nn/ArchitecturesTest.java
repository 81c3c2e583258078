package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
  private static Network build(String name) {
    return Networks.CIFAR_10.named(name);
  }

  private static Network build(String name, int side, int classes) {
    return Networks.of(new Shape(3, side, side), classes).named(name);
  }

  /** Published counts: the papers' code, and for ResNets the usual CIFAR ports. */
  @ParameterizedTest
  @CsvSource({
    "mcmahan-cnn, 32, 10, 2156490",
    "man-cnn, 32, 100, 815332",
    "man-tiny-cnn, 64, 200, 2447688",
    "logistic, 32, 10, 30730",
    "resnet-20, 32, 10, 272474",
    "resnet-18, 32, 10, 11173962",
    "resnet-34, 32, 10, 21282122",
    "resnet-50, 32, 10, 23520842",
    "resnet-101, 32, 10, 42512970",
  })
  void hasThePublishedNumberOfWeights(String name, int side, int classes, int weights) {
    assertThat(build(name, side, classes).weightCount()).isEqualTo(weights);
  }

  /**
   * Of conv5x5 32, conv5x5 64, fc 512 and logits: (3*25+1)*32 + (32*25+1)*64 + (64*5*5+1)*512 +
   * (512+1)*classes.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 10, 100})
  void theCnnOfOtherSimulatorsCountsAsSummedByHand(int classes) {
    assertThat(build("fedavg-cnn", 32, classes).weights())
        .extracting(Tensor::size)
        .containsExactly(2400, 32, 51200, 64, 819200, 512, 512 * classes, classes);
  }

  /** With the 7x7 stem and 1000 classes these are the ImageNet models. */
  @ParameterizedTest
  @CsvSource({
    "resnet-10, 5418792",
    "resnet-18, 11689512",
    "resnet-34, 21797672",
    "resnet-50, 25557032",
    "resnet-101, 44549160",
    "resnet-152, 60192808"
  })
  void isTheImageNetModelWithTheLargeStem(String name, int weights) {
    Networks options = Networks.of(new Shape(3, 64, 64), 1000);
    assertThat(options.with("stem", "7x7").named(name).weightCount()).isEqualTo(weights);
  }

  /** The count of a CIFAR ResNet, summed by hand: c is the width of the first stage. */
  private static int residualWeights(int blocks, int c, boolean skips) {
    int stem = 27 * c + 2 * c;
    int first = blocks * (2 * 9 * c * c + 4 * c);
    int second = 9 * 2 * c * c + (2 * blocks - 1) * 9 * 4 * c * c + blocks * 8 * c;
    int third = 9 * 8 * c * c + (2 * blocks - 1) * 9 * 16 * c * c + blocks * 16 * c;
    int projections = (2 * c * c + 4 * c) + (8 * c * c + 8 * c);
    return stem + first + second + third + (skips ? projections : 0) + 10 * 4 * c + 10;
  }

  @Property(tries = 60)
  void everyCifarResnetCountsAsSummedByHand(
      @ForAll @IntRange(min = 1, max = 10) int blocks,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll boolean skips) {
    String name = "resnet-" + (6 * blocks + 2);
    if (name.matches("resnet-(18|34|50|101|152)")) {
      return;
    }
    Network network =
        Networks.CIFAR_10.with("width", width / 16.0).with("skips", skips).named(name);
    assertThat(network.weightCount()).isEqualTo(residualWeights(blocks, width, skips));
    assertThat(network.depth()).isEqualTo(6 * blocks + 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 14, 20, 32, 44, 56, 110, 10, 18, 34, 50, 101, 152})
  void aResnetIsAsDeepAsItsName(int depth) {
    assertThat(build("resnet-" + depth).depth()).isEqualTo(depth);
  }

  @Test
  void otherDepthsAreAsNamed() {
    assertThat(build("cnn-8").depth()).isEqualTo(8);
    assertThat(build("divergence-cnn").depth()).isEqualTo(14);
    assertThat(build("mlp-5").depth()).isEqualTo(5);
    assertThat(build("logistic").depth()).isEqualTo(1);
    assertThat(build("mcmahan-cnn").depth()).isEqualTo(4);
    assertThat(build("fedavg-cnn").depth()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "mcmahan-cnn, 32, 64x8x8",
    "mcmahan-cnn, 64, 64x16x16",
    "fedavg-cnn, 32, 64x5x5",
    "fedavg-cnn, 64, 64x13x13",
    "man-cnn, 32, 64x5x5",
    "man-cnn, 64, 64x13x13",
    "man-tiny-cnn, 64, 64x8x8",
    "fixbn-cnn, 32, 64x4x4",
    "fixbn-cnn, 64, 64x8x8",
    "cnn-8, 32, 128x8x8",
    "cnn-8, 64, 128x16x16",
    "divergence-cnn, 32, 256x8x8",
    "divergence-cnn, 64, 256x16x16",
    "divergence-cnn-anti, 64, 32x16x16",
    "resnet-10, 64, 512x8x8",
    "resnet-20, 32, 64x8x8",
    "resnet-20, 64, 64x16x16",
    "resnet-18, 32, 512x4x4",
    "resnet-18, 64, 512x8x8",
    "resnet-50, 32, 2048x4x4",
    "resnet-101, 64, 2048x8x8",
  })
  void endsItsFeatureMapsInTheRightShape(String name, int side, String shape) {
    Network network = build(name, side, 10);
    Node last =
        network.nodes().stream()
            .filter(node -> node.layer() instanceof Layer.GlobalAverage)
            .findFirst()
            .orElseGet(
                () ->
                    network.nodes().stream()
                        .filter(node -> node.layer() instanceof Layer.Dense)
                        .findFirst()
                        .orElseThrow());
    assertThat(network.node(last.inputs().get(0)).shape()).hasToString(shape);
    assertThat(network.classes()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"resnet-18, 32, 1", "resnet-18, 64, 2", "resnet-20, 32, 2", "resnet-20, 64, 4"})
  void theLargeStemShrinksTheMapsFourFold(String name, int side, int last) {
    Network network = Networks.of(new Shape(3, side, side), 10).with("stem", "7x7").named(name);
    Node pool = network.node(network.nodes().size() - 2);
    assertThat(network.node(pool.inputs().get(0)).shape().height()).isEqualTo(last);
  }

  /** Summed by hand: stem, three stages of four convolutions with their scale and shift, logits. */
  @ParameterizedTest
  @CsvSource({
    "divergence-cnn, 4768 + 129536 + 517120 + 2066432 + 2570",
    "divergence-cnn-mean, 17880 + 519360 + 519360 + 519360 + 1210",
    "divergence-cnn-anti, 38144 + 738304 + 184832 + 46336 + 330",
    "resnet-10, 1856 + 73984 + 230144 + 919040 + 3673088 + 5130",
  })
  void hasTheNumberOfWeightsSummedByHand(String name, String sum) {
    assertThat(build(name).weightCount())
        .isEqualTo(Stream.of(sum.split(" \\+ ")).mapToInt(Integer::valueOf).sum());
  }

  /** The skip starts behind the first ReLU of a stage and ends behind its last. */
  @Test
  void theResidualTwinSkipsThreeConvolutionsOfEachStage() {
    Network residual = build("divergence-cnn");
    Network plain = Networks.CIFAR_10.with("skips", false).named("divergence-cnn");
    List<List<String>> sums =
        residual.nodes().stream()
            .filter(node -> node.layer() instanceof Layer.Add)
            .map(node -> node.inputs().stream().map(i -> residual.node(i).name()).toList())
            .toList();
    assertThat(sums)
        .containsExactly(
            List.of("stage1.relu4", "stage1.relu1"),
            List.of("stage2.relu4", "stage2.relu1"),
            List.of("stage3.relu4", "stage3.relu1"));
    assertThat(plain.nodes()).noneMatch(node -> node.layer() instanceof Layer.Add);
    assertThat(plain.weights())
        .extracting(Tensor::name, Tensor::size)
        .isEqualTo(residual.weights().stream().map(t -> tuple(t.name(), t.size())).toList());
    assertThat(ReceptiveField.of(plain)).isEqualTo(ReceptiveField.of(residual));
  }

  @Test
  void everyListedArchitectureBuildsUnderItsOwnName() {
    for (var listed : Architectures.all()) {
      assertThat(Architectures.named(listed.name()).description()).isEqualTo(listed.description());
    }
    for (String name : Case.architectures()) {
      Network network = build(name);
      assertThat(network.name()).isEqualTo(name);
      assertThat(network.classes()).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-20", "resnet-18", "resnet-50"})
  void withoutSkipsOnlyTheProjectionsGo(String name) {
    Network residual = build(name);
    Network plain = Networks.CIFAR_10.with("skips", false).named(name);
    Set<String> kept =
        residual.weights().stream()
            .map(Tensor::name)
            .filter(tensor -> !tensor.contains("shortcut"))
            .collect(Collectors.toSet());
    assertThat(plain.weights()).extracting(Tensor::name).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(plain.weightCount())
        .isEqualTo(
            residual.weights().stream()
                .filter(tensor -> kept.contains(tensor.name()))
                .mapToInt(Tensor::size)
                .sum())
        .isLessThan(residual.weightCount());
    assertThat(plain.nodes()).noneMatch(node -> node.layer() instanceof Layer.Add);
    assertThat(plain.depth()).isEqualTo(residual.depth());
  }

  @ParameterizedTest
  @CsvSource({"resnet-20, 2", "resnet-20, 4", "resnet-50, 2", "cnn-8, 3"})
  void dilationAddsNoWeights(String name, int dilation) {
    Network dilated = Networks.CIFAR_10.with("dilation", dilation).named(name);
    Network ordinary = build(name);
    assertThat(dilated.weightCount()).isEqualTo(ordinary.weightCount());
    assertThat(dilated.nodes())
        .extracting(Node::shape)
        .isEqualTo(ordinary.nodes().stream().map(Node::shape).toList());
    assertThat(ReceptiveField.of(dilated)).isGreaterThan(ReceptiveField.of(ordinary));
  }

  @Test
  void theLateKernelChangesTheLaterHalfOfTheStages() {
    Network three = Networks.CIFAR_10.with("late-kernel", 1).named("resnet-20");
    // Six 3x3 kernels of the last stage lose eight of nine taps: 32 -> 64 once, 64 -> 64 five
    // times.
    assertThat(build("resnet-20").weightCount() - three.weightCount())
        .isEqualTo(8 * (32 * 64 + 5 * 64 * 64));
    Network four = Networks.CIFAR_10.with("late-kernel", 1).named("resnet-18");
    assertThat(build("resnet-18").weightCount() - four.weightCount())
        .isEqualTo(8 * (128 * 256 + 3 * 256 * 256 + 256 * 512 + 3 * 512 * 512));
    Network bottleneck = Networks.CIFAR_10.with("late-kernel", 1).named("resnet-50");
    assertThat(build("resnet-50").weightCount() - bottleneck.weightCount())
        .isEqualTo(8 * (6 * 256 * 256 + 3 * 512 * 512));
  }

  @Test
  void singleTapsAreNeverDilated() {
    Network late = Networks.CIFAR_10.with("dilation", 2).with("late-kernel", 1).named("resnet-50");
    assertThat(convolutions(late)).allMatch(c -> c.kernel() > 1 || c.dilation() == 1);
  }

  @Test
  void laterStridesAddNoWeightsAndKeepLargerMaps() {
    Network later = Networks.CIFAR_10.with("strides", "[1, 1, 2]").named("resnet-20");
    assertThat(later.weightCount()).isEqualTo(build("resnet-20").weightCount());
    Node pool = later.node(later.nodes().size() - 2);
    assertThat(later.node(pool.inputs().get(0)).shape()).hasToString("64x16x16");
    Network spelt = Networks.CIFAR_10.with("strides", "1-1-2").named("resnet-20");
    assertThat(spelt.nodes()).isEqualTo(later.nodes());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 7})
  void theKernelKnobSetsEveryKernel(int kernel) {
    Network network = Networks.CIFAR_10.with("kernel", kernel).named("cnn-8");
    int taps = kernel * kernel;
    int[] channels = {3, 32, 32, 64, 64, 128, 128, 128};
    int expected = 128 * 10 + 10;
    for (int i = 1; i < channels.length; i++) {
      expected += channels[i - 1] * channels[i] * taps + channels[i];
    }
    assertThat(network.weightCount()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcmahan-cnn", "man-cnn", "fixbn-cnn", "cnn-8", "resnet-8", "resnet-50"})
  void convolutionsHaveABiasOnlyWithoutNormaliser(String name) {
    Network bare = Networks.CIFAR_10.with("normaliser", "none").named(name);
    Network normalised = Networks.CIFAR_10.with("normaliser", "gn-2").named(name);
    assertThat(convolutions(bare)).isNotEmpty().allMatch(Layer.Convolution::bias);
    assertThat(convolutions(normalised)).isNotEmpty().noneMatch(Layer.Convolution::bias);
    assertThat(normalised.nodes().stream().filter(node -> node.layer() instanceof Layer.Normalise))
        .hasSameSizeAs(convolutions(bare));
  }

  private static List<Layer.Convolution> convolutions(Network network) {
    return network.nodes().stream()
        .map(Node::layer)
        .filter(Layer.Convolution.class::isInstance)
        .map(Layer.Convolution.class::cast)
        .toList();
  }

  @Test
  void theNormaliserOptionReplacesTheDefault() {
    String tiny = "man-tiny-cnn";
    assertThat(normalisers(build(tiny))).containsExactly(Normaliser.group(4));
    assertThat(normalisers(Networks.CIFAR_10.with("normaliser", "bn").named(tiny)))
        .containsExactly(Normaliser.BATCH);
    assertThat(normalisers(Networks.CIFAR_10.with("normaliser", "none").named(tiny))).isEmpty();
    assertThat(normalisers(build("resnet-8"))).containsExactly(Normaliser.BATCH);
    assertThat(normalisers(build("man-cnn"))).isEmpty();
  }

  private static Set<Normaliser> normalisers(Network network) {
    return network.nodes().stream()
        .map(Node::layer)
        .filter(Layer.Normalise.class::isInstance)
        .map(layer -> ((Layer.Normalise) layer).normaliser())
        .collect(Collectors.toSet());
  }

  @Property(tries = 100)
  void widthRoundsEveryChannelCountAndKeepsAtLeastOne(
      @ForAll @DoubleRange(min = 0.01, max = 4) double width) {
    Network network = Networks.CIFAR_10.with("width", width).named("man-cnn");
    int[] bases = {64, 64, 384, 192};
    for (int i = 0; i < bases.length; i++) {
      int channels = network.kernelLayers().get(i).shape().channels();
      assertThat(channels).isPositive();
      if (bases[i] * width >= 1) {
        assertThat(Math.abs(channels - bases[i] * width)).isLessThanOrEqualTo(0.5);
      }
    }
    assertThat(network.classes()).isEqualTo(10);
  }

  @Test
  void thePerceptronHasOneWidthAndTheChosenActivation() {
    Network network =
        Networks.CIFAR_10.with("activation", "tanh").with("width", 0.5).named("mlp-4");
    assertThat(network.kernelLayers())
        .extracting(node -> node.shape().channels())
        .containsExactly(64, 64, 64, 10);
    assertThat(network.penalised())
        .extracting(Node::layer)
        .containsOnly(new Layer.Activate(Layer.Function.TANH));
    assertThat(build("mlp-4").penalised())
        .extracting(Node::layer)
        .containsOnly(new Layer.Activate(Layer.Function.RELU));
  }
}
