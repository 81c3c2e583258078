package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The equations of each method, written a second time as a table over vectors in double. */
class RecursionTest {
  private static final Quadratic PROBLEM = Quadratic.of(5, 10, 30);
  private static final int N = 5;
  private static final int STEPS = 3;
  private static final double DECAY = 0.02;
  private static final TrainingSettings TRAINING =
      TrainingSettings.steps(STEPS, 0.1).with("weight-decay", DECAY).with("decay", 0.8);

  /** The state of a run by hand: slots by name, and where this round's clients ended. */
  private static final class State {
    final Map<String, RealVector[]> clients = new HashMap<>();
    final Map<String, RealVector> server = new HashMap<>();
    RealVector theta;
    RealVector[] ends;
    double rate;

    /** A client's slot, zero until written. */
    RealVector of(int k, String slot) {
      return clients.computeIfAbsent(slot, none -> new RealVector[] {zero(), zero()})[k];
    }

    /** A slot of the server's, zero until written. */
    RealVector of(String slot) {
      return server.computeIfAbsent(slot, none -> zero());
    }

    RealVector change() {
      return mean(ends).subtract(theta);
    }

    /** h_k += theta_k - theta; the server's is the mean, and moves it from the mean of clients. */
    RealVector plusDrift() {
      for (int k = 0; k < 2; k++) {
        of(k, "drift");
        clients.get("drift")[k] = of(k, "drift").add(ends[k].subtract(theta));
      }
      server.put("drift", mean(clients.get("drift")));
      return mean(ends).add(of("drift"));
    }

    /** c_k += (theta - theta_k) / (K eta) - c, and c is their mean as all clients take part. */
    void moveVariates() {
      for (int k = 0; k < 2; k++) {
        RealVector gradient = theta.subtract(ends[k]).mapDivide(STEPS * rate);
        of(k, "variate");
        clients.get("variate")[k] = of(k, "variate").add(gradient).subtract(of("variate"));
      }
      server.put("variate", mean(clients.get("variate")));
    }
  }

  private static RealVector zero() {
    return new ArrayRealVector(N);
  }

  /** Of clients with 10 and 30 samples. */
  private static RealVector mean(RealVector[] each) {
    return each[0].mapMultiply(0.25).add(each[1].mapMultiply(0.75));
  }

  /** Client k's direction of a local step at w. */
  private interface Direction {
    RealVector at(State state, int k, RealVector w);
  }

  /** theta+, once all clients have ended. */
  private interface Server {
    RealVector next(State state);
  }

  private static RealVector gradient(int k, RealVector at) {
    return new ArrayRealVector(PROBLEM.gradient(k, 0, at.toArray()));
  }

  /** The gradient at the worst point within rho. */
  private static RealVector ascended(int k, RealVector at, double rho) {
    return gradient(k, at.add(gradient(k, at).unitVector().mapMultiply(rho)));
  }

  private static final Direction SGD = (state, k, w) -> gradient(k, w);
  private static final Server AVERAGE = state -> mean(state.ends);

  private static Direction drift(double rho) {
    return (state, k, w) ->
        ascended(k, w, rho).add(state.of(k, "drift").subtract(state.theta).mapMultiply(0.4));
  }

  private static Direction momentum(double rho) {
    return (state, k, w) ->
        ascended(k, w, rho).mapMultiply(0.3).add(state.of("mean_direction").mapMultiply(0.7));
  }

  private static Server momentumAtRate(double globalRate) {
    return state -> {
      state.server.put("mean_direction", state.change().mapDivide(-STEPS * state.rate));
      return state.theta.add(state.change().mapMultiply(globalRate));
    };
  }

  private static RealVector scaffold(State state) {
    RealVector next = state.theta.add(state.change().mapMultiply(0.6));
    state.moveVariates();
    return next;
  }

  private static RealVector fedDc(State state) {
    state.moveVariates();
    return state.plusDrift();
  }

  private static RealVector correction(State state, int k) {
    return state.of("variate").subtract(state.of(k, "variate"));
  }

  private static RealVector fedAvgM(State state) {
    state.server.put("velocity", state.of("velocity").mapMultiply(0.7).add(state.change()));
    return state.theta.add(state.of("velocity"));
  }

  /** Reddi et al., 2021; the slot of v holds v - tau^2. */
  private static Server adaptive(DoubleBinaryOperator second) {
    return state -> {
      RealVector m = state.of("first_moment").mapMultiply(0.6).add(state.change().mapMultiply(0.4));
      RealVector v = zero();
      RealVector next = state.theta.copy();
      for (int i = 0; i < N; i++) {
        double before = state.of("second_moment").getEntry(i) + 1e-4;
        double change = state.change().getEntry(i);
        v.setEntry(i, second.applyAsDouble(before, change * change));
        next.addToEntry(i, 0.05 * m.getEntry(i) / (Math.sqrt(v.getEntry(i)) + 0.01));
      }
      state.server.put("first_moment", m);
      state.server.put("second_moment", v.mapSubtract(1e-4));
      return next;
    };
  }

  static Stream<Arguments> methods() {
    Direction proximal =
        (state, k, w) -> gradient(k, w).add(w.subtract(state.theta).mapMultiply(0.7));
    Direction corrected = (state, k, w) -> gradient(k, w).add(correction(state, k));
    Direction decoupled =
        (state, k, w) ->
            gradient(k, w)
                .add(w.subtract(state.theta).add(state.of(k, "drift")).mapMultiply(0.4))
                .add(correction(state, k));
    Server yogi = adaptive((v, square) -> v > square ? v - 0.2 * square : v + 0.2 * square);
    return Stream.of(
        Arguments.of(new FedAvg(), 0.0, SGD, AVERAGE),
        Arguments.of(new FedProx(0.7), 0.0, proximal, AVERAGE),
        Arguments.of(new FedSam(0.3), 0.0, (Direction) (s, k, w) -> ascended(k, w, 0.3), AVERAGE),
        Arguments.of(new Scaffold(0.6), 0.0, corrected, (Server) RecursionTest::scaffold),
        Arguments.of(new FedDyn(0.4), 0.4, drift(0), (Server) State::plusDrift),
        Arguments.of(new FedSpeed(0.3, 0.4), 0.4, drift(0.3), (Server) State::plusDrift),
        Arguments.of(new FedDc(0.4), 0.0, decoupled, (Server) RecursionTest::fedDc),
        Arguments.of(new FedCm(0.3, 0.7), 0.0, momentum(0), momentumAtRate(0.7)),
        Arguments.of(new MoFedSam(0.3, 0.3), 0.0, momentum(0.3), momentumAtRate(1)),
        Arguments.of(new FedAvgM(0.7), 0.0, SGD, (Server) RecursionTest::fedAvgM),
        Arguments.of(
            new FedAdam(0.05, 0.6, 0.8, 0.01), 0.0, SGD, adaptive((v, q) -> 0.8 * v + 0.2 * q)),
        Arguments.of(new FedYogi(0.05, 0.6, 0.8, 0.01), 0.0, SGD, yogi),
        Arguments.of(new FedAdagrad(0.05, 0.6, 0.01), 0.0, SGD, adaptive((v, q) -> v + q)));
  }

  /** Four rounds against four by hand, without a clip and with an active one. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void followsItsEquations(Method method, double extraDecay, Direction direction, Server server) {
    for (double clip : new double[] {0, 0.9}) {
      try (var engine = new ThreadEngine(1)) {
        Setting setting = Runs.setting(method, TRAINING.with("clip", clip));
        Federation federation = Runs.federation(PROBLEM, setting, engine);
        State state = new State();
        state.theta = vector(federation.server().weights());
        for (int round = 0; round < 4; round++) {
          state.rate = 0.1 * Math.pow(0.8, round);
          state.ends = new RealVector[] {state.theta, state.theta};
          for (int k = 0; k < 2; k++) {
            for (int step = 0; step < STEPS; step++) {
              RealVector w = state.ends[k];
              RealVector d = direction.at(state, k, w);
              double factor = clip > 0 && d.getNorm() > clip ? clip / d.getNorm() : 1;
              RealVector decayed = d.mapMultiply(factor).add(w.mapMultiply(DECAY + extraDecay));
              state.ends[k] = w.subtract(decayed.mapMultiply(state.rate));
            }
          }
          state.theta = server.next(state);
          federation.round();
          assertClose(federation.server().weights(), state.theta, 5e-6);
        }
        assertSlots(method.slots(), federation, state);
      }
    }
  }

  /** While all take part only c - c_i shows in the steps; later it matters what each is. */
  private static void assertSlots(Method.Slots slots, Federation federation, State state) {
    for (String slot : slots.client()) {
      for (int k = 0; k < 2; k++) {
        assertClose(federation.memory().get(k, slot), state.of(k, slot), 2e-5);
      }
    }
    assertThat(federation.server().slots()).containsOnlyKeys(slots.server());
    slots
        .server()
        .forEach(slot -> assertClose(federation.server().slot(slot), state.of(slot), 2e-5));
  }

  private static void assertClose(float[] vector, RealVector expected, double tolerance) {
    assertThat(Quadratic.doubles(vector)).containsExactly(expected.toArray(), within(tolerance));
    assertThat(DoubleStream.of(expected.toArray()).map(Math::abs).max().orElseThrow())
        .as("it is no zero")
        .isGreaterThan(10 * tolerance);
  }

  private static RealVector vector(float[] values) {
    return new ArrayRealVector(Quadratic.doubles(values));
  }

  @Test
  void refusesMomentumWherePlainSgdIsAssumed() {
    for (Method method :
        List.of(new Scaffold(1), new FedDc(0.1), new FedCm(0.1, 1), new MoFedSam(0.1, 0.1))) {
      for (TrainingSettings.Momentum buffers : TrainingSettings.Momentum.values()) {
        assertThatThrownBy(
                () -> Runs.setting(method, TRAINING.with("momentum", 0.9).with("buffers", buffers)))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("plain SGD")
            .hasMessageContaining("set momentum to 0");
      }
    }
    for (Method method : List.of(new FedAvg(), new FedDyn(0.1), new FedNtd(1, 1))) {
      Runs.setting(
          method, TRAINING.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.LOCAL));
    }
  }
}
