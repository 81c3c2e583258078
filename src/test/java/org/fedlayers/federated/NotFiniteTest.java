package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.plan.PlanModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a round makes that is no number is a divergence, of that round, with its name. */
class NotFiniteTest {
  private static final float[] NONE = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

  /** FedAvg with a vector of each kind that a method may write, all holding one number. */
  private record Writes(float remembered, float uploaded, float held) implements Method {
    private static final String SLOT = "own";

    @Override
    public Slots slots() {
      return new Slots(Set.of(SLOT), Set.of(SLOT), Set.of(SLOT));
    }

    private static float[] full(float value) {
      float[] vector = new float[6];
      Arrays.fill(vector, value);
      return vector;
    }

    @Override
    public void afterLocal(ClientView client, LocalResult result) {
      client.remember(SLOT, full(remembered));
      client.upload(SLOT, full(uploaded));
    }

    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      server.move(sum.mean(DELTA));
      server.slot(SLOT)[3] = held;
    }
  }

  private record Jumps(double by) implements Method {
    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      double[] direction = sum.mean(DELTA).clone();
      direction[0] = by;
      server.move(direction);
    }
  }

  private static Arguments of(String name, Method method, Consumer<LinearProblem> change) {
    return Arguments.of(name, method, change);
  }

  static Stream<Arguments> rounds() {
    Method plain = new FedAvg();
    Stream<Arguments> negative =
        Stream.of(
            of(
                "statistics of client 0",
                plain,
                gradient -> gradient.moved = new float[] {0, -1e-30f}),
            of("weights of the server", new Jumps(1e300), gradient -> {}),
            of("weights of the server", new Jumps(Double.NaN), gradient -> {}));
    Stream<Arguments> kinds =
        Stream.of(NONE[0], NONE[1], NONE[2])
            .flatMap(
                none ->
                    Stream.of(
                        of("loss of client 0", plain, gradient -> gradient.loss = none),
                        of("weights of client 0", plain, gradient -> gradient.gradient = none),
                        of(
                            "statistics of client 0",
                            plain,
                            gradient -> gradient.moved = new float[] {none, 1}),
                        of(
                            "statistics of client 0",
                            plain,
                            gradient -> gradient.moved = new float[] {0, none}),
                        of("own of client 0", new Writes(none, 0, 0), gradient -> {}),
                        of("own of client 0", new Writes(0, none, 0), gradient -> {}),
                        of("own of the server", new Writes(0, 0, none), gradient -> {})));
    return Stream.concat(negative, kinds);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void whatARoundMakes(String name, Method method, Consumer<LinearProblem> change) {
    LinearProblem problem = new LinearProblem();
    TrainingSettings training = TrainingSettings.steps(2, 0.1);
    try (Engine engine = new ThreadEngine(1)) {
      Federation federation =
          Runs.federation(problem, Runs.setting(new FedAvg(), training), engine);
      federation.round();
      ServerState before = federation.server();
      Federation changed = Runs.federation(problem, Runs.setting(method, training), engine);
      changed.restore(before);
      change.accept(problem);
      assertThatThrownBy(changed::round)
          .isInstanceOfSatisfying(
              DivergedException.class, diverged -> assertThat(diverged.round()).isEqualTo(2))
          .hasMessageContaining("the " + name + " became NaN or infinite: diverged in round 2")
          .hasMessageContaining("lower learning rate");
      assertThat(changed.server()).as("rows before it stay true").isSameAs(before);
    }
  }

  static Stream<Arguments> wildGradients() {
    List<TrainingSettings> trainings =
        List.of(
            TrainingSettings.steps(2, 0.1),
            TrainingSettings.steps(2, 0.1).with("clip", 1),
            TrainingSettings.steps(2, 0.1)
                .with("momentum", 0.9)
                .with("buffers", TrainingSettings.Momentum.LOCAL));
    return Methods.ALL.all().stream()
        .filter(entry -> entry.builtIn())
        .map(entry -> Methods.ALL.make(entry.name(), Map.of()))
        .flatMap(
            method ->
                trainings.stream()
                    .filter(training -> method.conflict(training).isEmpty())
                    .map(training -> Arguments.of(method, training)));
  }

  @ParameterizedTest
  @MethodSource("wildGradients")
  void noMethodAndNoClippingHidesAGradientThatIsNone(Method method, TrainingSettings training) {
    for (float none : NONE) {
      LinearProblem problem = new LinearProblem();
      problem.gradient = none;
      assertThatThrownBy(() -> Runs.after(1, problem, method, training))
          .isInstanceOf(DivergedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Average.class)
  void aScoreWithoutAFiniteLossIsNoAccuracy(Average average) {
    for (float none : NONE) {
      LinearProblem problem = new LinearProblem();
      try (Engine engine = new ThreadEngine(2)) {
        Federation federation =
            Runs.federation(
                problem, Runs.setting(new FedAvg(), TrainingSettings.steps(1, 0.1)), engine);
        federation.round();
        assertThat(federation.score(average).accuracy()).isEqualTo(0.1);
        problem.scored = none;
        assertThatThrownBy(() -> federation.score(average))
            .isInstanceOf(DivergedException.class)
            .hasMessageContaining(
                "the test loss of the " + average.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** Finite weights so large that logits are not: every prediction would be class 0. */
  @ParameterizedTest
  @EnumSource(
      value = Executor.class,
      names = {"PLAN", "GRAPH"})
  void finiteWeightsWithLogitsThatAreNone(Executor executor) {
    Network network = Pictures.network(Normaliser.NONE);
    for (float weight : new float[] {1e38f, -1e38f, 3e38f}) {
      float[] weights = new float[network.weightCount()];
      Arrays.fill(weights, weight);
      assertThatNoAccuracyIsRead(executor, network, weights);
    }
  }

  /** A ReLU that makes 0 of NaN would leave finite logits, the same for every image. */
  @ParameterizedTest
  @CsvSource({
    "PLAN, mlp-8, 1e12", "PLAN, mlp-8, 1e20", "PLAN, resnet-8, 1e20", "PLAN, mlp-32, 1e3",
    "GRAPH, mlp-8, 1e12", "GRAPH, mlp-8, 1e20", "GRAPH, resnet-8, 1e20", "GRAPH, mlp-32, 1e3"
  })
  void activationsThatOverflowOnTheWay(Executor executor, String name, float factor) {
    Network network = Networks.of(new Shape(3, 8, 8), 4).named(name);
    float[] weights = Initialisation.HE.weights(network, Pictures.RANDOMNESS);
    for (Tensor tensor : network.weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights[i] *= tensor.role() == Tensor.Role.KERNEL ? factor : 1;
      }
    }
    assertThatNoAccuracyIsRead(executor, network, weights);
  }

  private static void assertThatNoAccuracyIsRead(
      Executor executor, Network network, float[] weights) {
    assumeThat(executor == Executor.PLAN && PlanModel.missing() != null).isFalse();
    int[][] split = {Pictures.range(0, 8), Pictures.range(8, 16)};
    ImageProblem problem = Pictures.problem(Pictures.data(4), split, 4, network, executor);
    try (Engine engine = new ThreadEngine(1)) {
      Federation federation =
          new Federation(
              problem,
              Runs.setting(new FedAvg(), TrainingSettings.steps(1, 0.1)),
              weights,
              network.freshStatistics(),
              engine,
              ClientMemory.onHeap(),
              false);
      assertThatThrownBy(() -> federation.score(Average.SERVER))
          .isInstanceOf(DivergedException.class);
    }
  }
}
