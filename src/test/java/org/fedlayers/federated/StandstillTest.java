package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.engine.ThreadEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where nothing moves any more: no method divides by nothing, and none forgets what it knew. */
class StandstillTest {

  private static Stream<Method> methods() {
    return Methods.ALL.all().stream()
        .filter(entry -> entry.builtIn())
        .map(entry -> Methods.ALL.make(entry.name(), Map.of()));
  }

  /** Whether a method may run so; some read gradients off their change and refuse momentum. */
  private static boolean fits(Method method, TrainingSettings training) {
    return method.conflict(training).isEmpty();
  }

  static Stream<Arguments> tinyRates() {
    // As floats: zero, the smallest there is, one whose reciprocal is no float, one of which it is.
    List<Double> rates = List.of(Double.MIN_VALUE, 1e-46, 1e-45, 1e-40, 1e-38, 1e-30);
    return methods().flatMap(method -> rates.stream().map(rate -> Arguments.of(method, rate)));
  }

  @ParameterizedTest
  @MethodSource("tinyRates")
  void aRateBelowFloatsReachMovesNothing(Method method, double rate) {
    Federation federation = run(method, TrainingSettings.steps(3, rate), new LinearProblem());
    float[] weights = federation.server().weights();
    for (int i = 0; i < weights.length; i++) {
      assertThat(weights[i]).isCloseTo(0.5f - 0.25f * (i % 5), within(1e-25f));
    }
  }

  static Stream<Arguments> fallingRates() {
    List<Double> decays = List.of(1e-8, 1e-20, 1e-44, 1e-200);
    return methods().flatMap(method -> decays.stream().map(decay -> Arguments.of(method, decay)));
  }

  @ParameterizedTest
  @MethodSource("fallingRates")
  void aRateThatFallsToNothingEndsInNumbers(Method method, double decay) {
    TrainingSettings training =
        TrainingSettings.steps(3, 0.1).with("decay", decay).with("weight-decay", 0.1);
    run(method, training, new LinearProblem());
  }

  static Stream<Arguments> smallGradients() {
    List<Float> gradients = List.of(0f, Float.MIN_VALUE, 1e-40f, -1e-38f);
    List<TrainingSettings> trainings =
        List.of(
            TrainingSettings.steps(2, 0.1),
            TrainingSettings.steps(2, 0.1).with("clip", 1),
            TrainingSettings.steps(2, 0.1).with("clip", 1e-300),
            TrainingSettings.steps(2, 0.1)
                .with("momentum", 0.9)
                .with("buffers", TrainingSettings.Momentum.GLOBAL));
    return methods()
        .flatMap(
            method ->
                trainings.stream()
                    .filter(training -> fits(method, training))
                    .flatMap(
                        training ->
                            gradients.stream()
                                .map(gradient -> Arguments.of(method, training, gradient))));
  }

  @ParameterizedTest
  @MethodSource("smallGradients")
  void aGradientOfNextToNothingHasNoDirection(
      Method method, TrainingSettings training, float gradient) {
    LinearProblem flat = new LinearProblem();
    flat.gradient = gradient;
    run(method, training, flat);
  }

  private static Federation run(Method method, TrainingSettings training, LinearProblem problem) {
    try (Engine engine = new ThreadEngine(1)) {
      Federation federation = Runs.federation(problem, Runs.setting(method, training), engine);
      for (int round = 0; round < 6; round++) {
        federation.round();
        assertNumbers(federation, method);
      }
      return federation;
    }
  }

  private static void assertNumbers(Federation federation, Method method) {
    ServerState server = federation.server();
    assertThat(Vectors.isFinite(server.weights())).isTrue();
    assertThat(Vectors.isFinite(server.cohortWeights())).isTrue();
    assertThat(server.slots().values()).allMatch(Vectors::isFinite);
    for (String slot : method.slots().client()) {
      for (int client = 0; client < 3; client++) {
        assertThat(Vectors.isFinite(federation.memory().get(client, slot))).as(slot).isTrue();
      }
    }
  }

  /** The rate of round 1 is still one, that of round 2 is below float's reach. */
  @ParameterizedTest
  @MethodSource("fromChanges")
  void whatWasKnownOfGradientsStays(Method method) {
    TrainingSettings training = TrainingSettings.steps(3, 0.1).with("decay", 1e-50);
    Quadratic problem = Quadratic.of(6, 3, 4, 5);
    try (Engine engine = new ThreadEngine(1)) {
      Federation federation = Runs.federation(problem, Runs.setting(method, training), engine);
      federation.round();
      Map<String, float[]> known = federation.server().slots();
      String slot = method.slots().server().contains("variate") ? "variate" : "mean_direction";
      assertThat(Vectors.norm(known.get(slot))).isPositive();
      float[] own = federation.memory().get(1, "variate");
      federation.round();
      federation.round();
      float[] now = federation.server().slots().get(slot);
      for (int i = 0; i < now.length; i++) {
        assertThat(now[i]).isEqualTo(known.get(slot)[i], within(1e-5f));
      }
      if (own != null) {
        assertThat(federation.memory().get(1, "variate")).containsExactly(own);
      }
    }
  }

  static Stream<Method> fromChanges() {
    return Stream.of(new Scaffold(1), new FedDc(0.01), new FedCm(0.1, 1), new MoFedSam(0.1, 0.1));
  }

  @Test
  void roundsOfMoreStepsThanThereAreNumbersAreNoRounds() {
    TrainingSettings training = TrainingSettings.epochs(100_000, 0.1);
    assertThatThrownBy(() -> training.stepsIn(30_000)).isInstanceOf(ArithmeticException.class);
  }
}
