package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.graph.GraphModel;
import org.fedlayers.nn.plan.PlanModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two executors compute the same function. Where a ReLU's input is within rounding of zero they
 * may part, and one such unit moves a gradient by a thousandth; so whole architectures are compared
 * with tanh in ReLU's place, and ReLU where no input is that close.
 */
class ExecutorsAgreeTest {
  private static final Shape IMAGE = new Shape(3, 16, 16);

  /** ReLU's inputs must be this far from zero: many times what rounding does to them. */
  private static final double MARGIN = 1e-4;

  @BeforeAll
  static void bothRunHere() {
    assumeTrue(PlanModel.missing() == null, PlanModel::missing);
  }

  @Test
  void aChannelOfOneValueIsNoBatch() {
    Case one = Case.of(Case.odd(), 1);
    try (var model = new PlanModel(one.network())) {
      for (Pass pass : List.of(Pass.TRAINING, Pass.KEEPING, Pass.COLLECTING)) {
        assertThatThrownBy(() -> one.on(model, pass))
            .hasMessageContaining("batch.dense normalises by batch, which needs two values");
      }
      one.on(model, Pass.FROZEN);
    }
  }

  static List<String> architectures() {
    return Case.architectures();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void onEveryArchitecture(String name) {
    compare(Case.smooth(thin(name, null)), List.of(Pass.TRAINING.withPenalty(0.5)), 5, 3);
  }

  static Stream<Arguments> normalisers() {
    List<Arguments> all = new ArrayList<>();
    for (String name : List.of("resnet-8", "fixbn-cnn", "cnn-8")) {
      for (String normaliser : List.of("none", "bn", "gn-2", "ln", "in", "hbn")) {
        all.add(Arguments.of(name, normaliser));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("normalisers")
  void withEveryNormaliserInEveryMode(String name, String normaliser) {
    List<Pass> passes = new ArrayList<>();
    for (Pass.Statistics mode : Pass.Statistics.values()) {
      passes.add(new Pass(mode, 0));
      passes.add(new Pass(mode, 0.5));
    }
    compare(Case.smooth(thin(name, normaliser)), passes, 6, 3, 2);
  }

  private static void compare(Network network, List<Pass> passes, int... sizes) {
    try (var plan = new PlanModel(network);
        var graph = new GraphModel(network)) {
      for (int size : sizes) {
        for (Pass pass : passes) {
          compare(plan, graph, Case.of(network, size), pass);
        }
      }
    }
  }

  private static void compare(PlanModel plan, GraphModel graph, Case c, Pass pass) {
    Case.Outcome fast = c.on(plan, pass);
    Case.Outcome reference = c.on(graph, pass);
    String what = c.network() + " " + pass + " " + c.batch().size();
    assertThat(fast.value()).as(what).isCloseTo(reference.value(), within(1e-4));
    assertThat(fast.penalty()).as(what).isCloseTo(reference.penalty(), within(1e-5));
    assertClose(what + " logits", fast.logits(), reference.logits());
    assertClose(what + " gradient", fast.gradient(), reference.gradient());
    assertClose(what + " statistics", fast.statistics(), reference.statistics());
  }

  private static void assertClose(String what, float[] actual, float[] expected) {
    assertThat(Case.distance(actual, Case.doubles(expected))).as(what).isLessThan(1e-4);
  }

  @ParameterizedTest
  @MethodSource("normalisers")
  void withReluWhereNoInputIsWithinRoundingOfZero(String name, String normaliser) {
    Network network = thin(name, normaliser);
    Pass pass = Pass.TRAINING.withPenalty(0.5);
    Case c =
        IntStream.range(0, 200)
            .mapToObj(seed -> Case.of(network, 2, seed))
            .filter(candidate -> candidate.naive(pass).smallestInput() > MARGIN)
            .findFirst()
            .orElseThrow();
    try (var plan = new PlanModel(network);
        var graph = new GraphModel(network)) {
      compare(plan, graph, c, pass);
    }
  }

  @Test
  void bothRefuseABatchThatIsEmptyOrOfOtherImages() {
    Network network = thin("fixbn-cnn", null);
    Case c = Case.of(network, 2);
    var wide = new Batch(2, 2 * IMAGE.size());
    wide.resize(2);
    var narrow = new Batch(2, IMAGE.size() - 1);
    narrow.resize(2);
    try (var plan = new PlanModel(network);
        var graph = new GraphModel(network)) {
      for (Batch batch : List.of(new Batch(2, IMAGE.size()), wide, narrow)) {
        var wrong = new Case(network, c.weights(), c.statistics(), batch);
        for (Model model : List.of(plan, graph)) {
          assertThatThrownBy(() -> wrong.on(model, Pass.TRAINING))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContainingAll("images in a batch of 2", "images of 3x16x16");
        }
      }
    }
  }

  private static Network thin(String name, String normaliser) {
    Networks thin = Networks.of(IMAGE, 7).thin(name, 0.125);
    return (normaliser == null ? thin : thin.with("normaliser", normaliser)).named(name);
  }
}
