package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanModelTest {
  @BeforeAll
  static void runsHere() {
    assumeTrue(PlanModel.missing() == null, PlanModel::missing);
  }

  static Stream<Arguments> passes() {
    List<Arguments> all = new ArrayList<>();
    for (Network network : Nets.all()) {
      for (Pass.Statistics mode : Pass.Statistics.values()) {
        for (double zeta : new double[] {0, 0.5}) {
          all.add(Arguments.of(network, new Pass(mode, zeta)));
        }
      }
    }
    return all.stream();
  }

  static List<Network> networks() {
    return Nets.all();
  }

  /** It would fill their three channels up to sixteen. */
  @Test
  void winogradIsNotForTheNetworksImages() {
    Network network = Networks.CIFAR_10.named("resnet-8");
    List<String> stem = new ArrayList<>();
    StepListener listener = (kind, name) -> stem.add(name.startsWith("stem.conv") ? name : "");
    try (var model = new PlanModel(network, 50, listener)) {
      Example.of(network, 50, 2).on(model, new Pass(Pass.Statistics.MOVING, 0));
    }
    assertThat(stem).anyMatch(name -> name.contains("kernel gradient"));
    assertThat(stem).noneMatch(name -> name.contains("wino"));
  }

  @Test
  void fiveByFiveGoesByWinograd() {
    assumeTrue(OneDnn.hasAvx2(), "the products' kernels need AVX2");
    Network network = Nets.winograd();
    List<String> names = new ArrayList<>();
    try (var model = new PlanModel(network, 50, (kind, name) -> names.add(name))) {
      Example.of(network, 4, 2).on(model, Pass.TRAINING);
    }
    assertThat(names)
        .filteredOn(name -> name.contains("conv2"))
        .anyMatch(name -> name.contains("products"))
        .noneMatch(name -> name.startsWith("conv2 forward"));
  }

  @Test
  void threeByThreeGoesByTheKernelThatIsFastestForItsChannels() {
    assumeTrue(OneDnn.hasAvx2(), "only with AVX2 there is a choice");
    Network network = Networks.CIFAR_10.with("width", 0.5).named("resnet-14");
    List<String> names = new ArrayList<>();
    try (var model = new PlanModel(network, 50, (kind, name) -> names.add(name))) {
      Example.of(network, 10, 2).on(model, Pass.TRAINING);
    }
    assertThat(names)
        .anyMatch(name -> name.startsWith("stage1.block2.conv1 forward, turned, jit:avx2"));
    boolean wide = names.stream().anyMatch(name -> name.contains("avx512_common"));
    assumeTrue(wide, "with AVX2 alone there are no kernels of oneDNN's Winograd");
    assertThat(names)
        .anyMatch(name -> name.startsWith("stage2.block2.conv1 forward, jit:avx512_common"))
        .anyMatch(name -> name.startsWith("stage3.block2.conv1 forward, jit_wino"))
        .anyMatch(name -> name.startsWith("stage3.block2.conv1 kernel gradient, jit_wino"))
        .anyMatch(name -> name.startsWith("stage3.block2.conv1 backward, jit_wino"));
  }

  @ParameterizedTest
  @MethodSource("passes")
  void agreesWithTheOracle(Network network, Pass pass) {
    try (var model = new PlanModel(network)) {
      for (int size : new int[] {6, 3}) {
        Example example = Example.of(network, size, size);
        Example.Result actual = example.on(model, pass);
        actual.assertClose(example.expected(pass), network);
        if (pass.statistics() == Pass.Statistics.FROZEN
            || pass.statistics() == Pass.Statistics.KEEPING) {
          assertThat(actual.statistics()).containsExactly(example.statistics());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void evaluatesBatchesLargerThanItsOwnInTurns(Network network) {
    Example example = Example.of(network, 7, 3);
    double[] expected = example.expectedLogits();
    for (int evaluationBatch : new int[] {3, 100}) {
      try (var model = new PlanModel(network, evaluationBatch, (kind, name) -> {})) {
        float[] actual = example.logits(model);
        for (int i = 0; i < actual.length; i++) {
          assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void equalArgumentsGiveEqualBitsWhateverWasComputedBefore(Network network) {
    Pass pass = Pass.TRAINING.withPenalty(0.5);
    Example example = Example.of(network, 5, 1);
    try (var model = new PlanModel(network);
        var fresh = new PlanModel(network)) {
      Example.Result first = example.on(model, pass);
      float[] logits = example.logits(model);
      for (int size : new int[] {9, 2, 5}) {
        Example other = Example.of(network, size, 2);
        other.on(model, Pass.FROZEN);
        other.on(model, Pass.KEEPING);
        other.logits(model);
      }
      assertSame(example.on(model, pass), first);
      assertThat(example.logits(model)).containsExactly(logits);
      assertSame(example.on(fresh, pass), first);
    }
  }

  private static void assertSame(Example.Result actual, Example.Result expected) {
    assertThat(actual.value()).isEqualTo(expected.value());
    assertThat(actual.gradient()).containsExactly(expected.gradient());
    assertThat(actual.statistics()).containsExactly(expected.statistics());
  }

  @Test
  void twoThreadsGiveTheBitsOfOne() throws Exception {
    Network network = Nets.residual(Normaliser.BATCH);
    Example example = Example.of(network, 16, 4);
    List<Example.Result> serial = repeated(network, example).call();
    var threads = Executors.newFixedThreadPool(2);
    try {
      Future<List<Example.Result>> one = threads.submit(repeated(network, example));
      Future<List<Example.Result>> other = threads.submit(repeated(network, example));
      for (int i = 0; i < serial.size(); i++) {
        assertSame(one.get().get(i), serial.get(i));
        assertSame(other.get().get(i), serial.get(i));
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Callable<List<Example.Result>> repeated(Network network, Example example) {
    return () -> {
      try (var model = new PlanModel(network)) {
        List<Example.Result> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          results.add(example.on(model, Pass.TRAINING));
        }
        return results;
      }
    };
  }

  @Test
  void aModelMayBeMadeOnOneThreadAndUsedOnAnother() throws Exception {
    Network network = Nets.plain();
    Example example = Example.of(network, 4, 5);
    try (var model = new PlanModel(network)) {
      Example.Result here = example.on(model, Pass.TRAINING);
      var thread = Executors.newSingleThreadExecutor();
      try {
        assertSame(thread.submit(() -> example.on(model, Pass.TRAINING)).get(), here);
      } finally {
        thread.shutdown();
      }
    }
  }

  @Test
  void aBatchWithOneValueAChannelCannotBeNormalised() {
    Example example = Example.of(Nets.vectors(), 1, 1);
    try (var model = new PlanModel(Nets.vectors())) {
      assertThatThrownBy(() -> example.on(model, Pass.TRAINING))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input.norm");
      assertThat(example.on(model, Pass.FROZEN).value())
          .isCloseTo(example.expected(Pass.FROZEN).value(), within(1e-4));
    }
  }

  @Test
  void forgottenPlansAreCompiledAgainToTheSameBits() {
    Network network = Nets.residual(Normaliser.group(2));
    Example example = Example.of(network, 3, 1);
    try (var model = new PlanModel(network)) {
      Example.Result first = example.on(model, Pass.TRAINING);
      for (int size = 4; size < 40; size++) {
        Example.of(network, size, 2).on(model, Pass.TRAINING);
      }
      assertSame(example.on(model, Pass.TRAINING), first);
    }
  }

  @Test
  void thePlanThatMadeTheMemoryMayBeForgotten() {
    Network network = Nets.plain();
    Example small = Example.of(network, 2, 1);
    try (var model = new PlanModel(network);
        var fresh = new PlanModel(network)) {
      Example.Result expected = small.on(fresh, Pass.TRAINING);
      Example.of(network, 60, 2).on(model, Pass.TRAINING);
      for (int size = 40; size > 2; size--) {
        Example.of(network, size, 2).on(model, Pass.TRAINING);
      }
      assertSame(small.on(model, Pass.TRAINING), expected);
    }
  }

  static List<Network> steadyNetworks() {
    return List.of(Nets.residual(Normaliser.BATCH), Nets.winograd());
  }

  @ParameterizedTest
  @MethodSource("steadyNetworks")
  void aSteadyStepAllocatesNextToNothing(Network network) {
    Example example = Example.of(network, 8, 1);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] gradient = new float[network.weightCount()];
    try (var model = new PlanModel(network)) {
      long before = 0;
      for (int i = 0; i < 300; i++) {
        if (i == 100) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        model.gradient(
            example.weights(),
            example.statistics(),
            example.batch(),
            Pass.KEEPING,
            CrossEntropy.INSTANCE,
            gradient);
      }
      long each = (threads.getCurrentThreadAllocatedBytes() - before) / 200;
      assertThat(each).isLessThan(1000);
    }
  }

  @Test
  void refusesVectorsOfTheWrongLength() {
    Network network = Nets.plain();
    Example example = Example.of(network, 2, 1);
    try (var model = new PlanModel(network)) {
      assertThatThrownBy(() -> model.logits(new float[3], new float[0], example.batch(), null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("weights of length 3, not " + network.weightCount());
    }
  }
}
