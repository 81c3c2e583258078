package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.nn.Pass;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What rounds count, report and average, against sums by hand. */
class RoundSumsTest {
  private static final int STEPS = 6;
  private static final double RATE = 0.05;

  private final Quadratic problem = Quadratic.of(4, 10, 40, 30, 20).withBatches(2);
  private final ThreadEngine engine = new ThreadEngine(1);
  private final List<ClientUpdate> updates = new ArrayList<>();
  private final List<Object> ended = new ArrayList<>();

  @AfterEach
  void close() {
    engine.close();
  }

  private Federation federation(Method method, StatisticsPolicy policy) {
    Federation federation =
        Runs.federation(
            problem,
            new Setting(
                method,
                TrainingSettings.steps(STEPS, RATE),
                Draws.unreliable(Draws.fixed(2), 0, 0.5),
                policy,
                1,
                new Randomness(4)),
            engine);
    return federation.listen(
        new RoundListener() {
          @Override
          public void roundStarted(ServerState server) {
            updates.clear();
          }

          @Override
          public void clientUpdated(ClientUpdate update) {
            updates.add(update);
          }

          @Override
          public void roundEnded(ServerState server, RoundReport report) {
            ended.addAll(List.of(server, report));
          }
        });
  }

  @Test
  void aRoundReportsItsUpdatesWeightedBySamples() {
    Federation federation = federation(new FedAvg(), StatisticsPolicy.AVERAGED);
    boolean unequal = false;
    for (int round = 0; round < 5; round++) {
      ServerState before = federation.server();
      RoundReport report = federation.round();
      assertThat(ended).containsExactly(federation.server(), report);
      ended.clear();
      double loss = 0;
      int weights = 0;
      long processed = 0;
      int longest = 0;
      for (ClientUpdate update : updates) {
        int samples = problem.samples(update.client());
        assertThat(update.weight()).isEqualTo(samples);
        assertThat(update.processed()).isEqualTo(update.steps() * samples / 2);
        assertThat(update.loss()).isCloseTo(lossByHand(before, update), within(1e-4));
        loss += samples * update.loss();
        weights += samples;
        processed += update.processed();
        longest = Math.max(longest, update.steps());
      }
      unequal |= updates.get(0).steps() != updates.get(1).steps();
      assertThat(report.loss()).isCloseTo(loss / weights, within(1e-12));
      assertThat(report.penalty()).isZero();
      assertThat(federation.server().samples()).isEqualTo(before.samples() + processed);
      assertThat(federation.server().steps()).isEqualTo(before.steps() + longest);
    }
    assertThat(unequal).as("some clients took fewer steps than others").isTrue();
  }

  @Test
  void meansOfACohortAreWeightedByItsClients() {
    CohortSum sum = new CohortSum(4, 16);
    sum.add(update(1, 3, 8, 2));
    sum.add(update(3, 5, 1, 6));
    assertThat(sum.mean(Method.DELTA)).containsExactly(0.25 * 8 + 0.75 * 1);
    assertThat(sum.mean("sent")).containsExactly(0.25 * 80 + 0.75 * 10);
    assertThat(sum.fractions()).containsExactly(0.25, 0.75);
    assertThat(sum.fraction()).isEqualTo(0.25);
    assertThat(sum.loss()).isEqualTo(0.25 * 8 + 0.75 * 1);
    assertThat(sum.penalty()).isEqualTo(0.25 * 2 + 0.75 * 6);
    assertThat(sum.processed()).isEqualTo(30 + 50);
    assertThat(sum.steps()).isEqualTo(5);
    assertThatThrownBy(() -> sum.mean("unsent"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("upload slot 'unsent'");
    CohortSum one = new CohortSum(1, 1);
    one.add(update(1, 1, 7, 0));
    assertThat(one.mean(Method.DELTA)).containsExactly(7);
  }

  private static ClientUpdate update(int weight, int steps, int loss, double penalty) {
    float[] delta = {loss};
    Map<String, float[]> uploads = Map.of("sent", new float[] {10 * loss});
    return new ClientUpdate(
        0, weight, steps, 10L * steps, loss, penalty, delta, new float[0], uploads, Map.of());
  }

  /** What an engine of other processes sends along with a task. */
  @Test
  void aTasksClientRemembersItsSlotsAndMomentumAlone() {
    ClientMemory memory = ClientMemory.onHeap();
    for (String slot : List.of(LocalTrainer.MOMENTUM, "drift", "stale")) {
      memory.stage(2, slot, new float[] {1});
    }
    memory.stage(1, "drift", new float[] {2});
    memory.commit();
    Setting setting = Runs.setting(new FedDyn(0.1), TrainingSettings.steps(1, RATE));
    ServerState server = ServerState.initial(new float[4], new float[2]);
    var trainer = new LocalTrainer(problem, setting, server, memory, false, () -> false, 1, 2, 3);
    assertThat(trainer.remembered(0)).containsOnlyKeys("drift");
    assertThat(trainer.remembered(1)).containsOnlyKeys(LocalTrainer.MOMENTUM, "drift");
    assertThat(trainer.remembered(2)).isEmpty();
  }

  /** Reads or writes a slot that is not declared, or a vector of another length. */
  record Wrong(Consumer<ClientView> access, Consumer<ServerView> end) implements Method {
    @Override
    public Slots slots() {
      return Slots.NONE.client("own").server("kept").upload("sent");
    }

    @Override
    public void afterLocal(ClientView client, LocalResult result) {
      client.upload("sent", result.delta());
      access.accept(client);
    }

    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      end.accept(server);
    }
  }

  private static Arguments client(String message, Consumer<ClientView> access) {
    return Arguments.of(message, new Wrong(access, server -> {}));
  }

  private static Arguments server(String message, Consumer<ServerView> access) {
    return Arguments.of(message, new Wrong(client -> {}, access));
  }

  static Stream<Arguments> wrongAccess() {
    float[] right = new float[4];
    float[] wrong = new float[3];
    double[] longer = new double[5];
    return Stream.of(
        client("server slot 'none'", view -> view.server("none")),
        client("client slot 'none'", view -> view.memory("none")),
        client("client slot 'none'", view -> view.remember("none", right)),
        client("upload slot 'own'", view -> view.upload("own", right)),
        client("the client's 'own' has 3 numbers", view -> view.remember("own", wrong)),
        client("the upload 'sent' has 3 numbers", view -> view.upload("sent", wrong)),
        server("the direction of the server has 5 numbers", view -> view.move(longer)),
        server("the direction of the server has 0 numbers", view -> view.move(1, new double[0])),
        server("the server's 'kept' has 5 numbers", view -> view.add("kept", 1, longer)),
        server("the server's 'kept' has 5 numbers", view -> view.set("kept", longer)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongAccess")
  void aMethodThatUsesAVectorWronglyIsRefused(String message, Method wrong) {
    Federation federation = federation(wrong, StatisticsPolicy.AVERAGED);
    assertThatThrownBy(federation::round)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  /** FedAvg that fills every vector it reads with rubbish. */
  record Scribbling() implements Method {
    @Override
    public Slots slots() {
      return Slots.NONE.client("own").server("kept");
    }

    @Override
    public LocalStep localStep(ClientView client) {
      assertThat(client.memory("own")).doesNotContain(Float.NaN);
      scribble(client.start(), client.startStatistics());
      scribble(client.memory("own"), client.server("kept"));
      return LocalStep.SGD;
    }

    @Override
    public void afterLocal(ClientView client, LocalResult result) {
      assertThat(client.server("kept")).containsOnly(client.round());
      assertThat(client.memory("own")).doesNotContain(Float.NaN);
      scribble(client.start(), client.startStatistics());
      scribble(result.weights(), result.delta());
      client.remember("own", new float[] {7, 7, 7, 7});
    }

    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      Method.super.aggregate(server, sum);
      server.add("kept", 1, new double[] {1, 1, 1, 1});
    }

    private static void scribble(float[]... vectors) {
      for (float[] vector : vectors) {
        Arrays.fill(vector, Float.NaN);
      }
    }
  }

  @Test
  void whatAMethodReadsIsItsOwnCopy() {
    Federation scribbling = federation(new Scribbling(), StatisticsPolicy.AVERAGED);
    Federation fedAvg = federation(new FedAvg(), StatisticsPolicy.AVERAGED);
    for (int round = 0; round < 3; round++) {
      scribbling.round();
      fedAvg.round();
      assertThat(scribbling.average(Average.ALL))
          .usingRecursiveComparison()
          .isEqualTo(fedAvg.average(Average.ALL));
      assertThat(scribbling.server().weights()).containsExactly(fedAvg.server().weights());
    }
  }

  /** The mean loss over the steps of plain SGD; a round's first batch follows the last round's. */
  private double lossByHand(ServerState start, ClientUpdate update) {
    float[] w = start.weights().clone();
    float[] gradient = new float[w.length];
    double loss = 0;
    try (Problem.Worker worker = problem.newWorker()) {
      for (int k = 0; k < update.steps(); k++) {
        int step = start.round() * STEPS + k;
        loss +=
            worker.batch(update.client(), step, new float[2], Pass.TRAINING).gradient(w, gradient);
        Vectors.axpy(-RATE, gradient, w);
      }
    }
    assertThat(Vectors.minus(w, start.weights())).containsExactly(update.delta(), within(1e-5f));
    return loss / update.steps();
  }

  /** Weighted by samples; a client that has not trained yet counts with the initial model. */
  @Test
  void theAverageOfAllClientsIsThatOfTheirLatestModels() {
    Federation federation = federation(new FedAvg(), StatisticsPolicy.AVERAGED);
    RealVector initial = vector(federation.server().weights());
    RealVector initialStatistics = vector(federation.server().statistics());
    Map<Integer, RealVector> weights = new TreeMap<>();
    Map<Integer, RealVector> statistics = new TreeMap<>();
    for (int round = 0; round < 4; round++) {
      RealVector start = vector(federation.server().weights());
      federation.round();
      for (ClientUpdate update : updates) {
        weights.put(update.client(), start.add(vector(update.delta())));
        statistics.put(update.client(), vector(update.statistics()));
      }
      Federation.ModelState all = federation.average(Average.ALL);
      assertClose(all.weights(), mean(weights, initial));
      assertClose(all.statistics(), mean(statistics, initialStatistics));
      assertThat(all.weights()).isNotEqualTo(federation.average(Average.COHORT).weights());
    }
  }

  private RealVector mean(Map<Integer, RealVector> latest, RealVector otherwise) {
    RealVector mean = otherwise.mapMultiply(0);
    for (int client = 0; client < problem.clients(); client++) {
      double fraction = problem.samples(client) / 100.0;
      mean = mean.add(latest.getOrDefault(client, otherwise).mapMultiply(fraction));
    }
    return mean;
  }

  /** The clients' own until the round from which statistics are frozen; the server's from there. */
  @Test
  void theAverageOfAllClientsHasTheServersStatisticsWhereTheyAreFrozenOrGlobal() {
    Federation frozen = federation(new FedAvg(), StatisticsPolicy.frozenFrom(1));
    frozen.round();
    assertThat(frozen.average(Average.ALL).statistics()).isNotEqualTo(frozen.server().statistics());
    frozen.round();
    assertThat(frozen.average(Average.ALL).statistics())
        .containsExactly(frozen.server().statistics());
    Federation global = federation(new FedAvg(), StatisticsPolicy.GLOBAL);
    global.round();
    assertThat(global.average(Average.ALL).statistics())
        .containsExactly(global.server().statistics())
        .isNotEqualTo(new float[] {0, 1});
  }

  @Test
  void modelsThatWereNotKeptCannotBeAveraged() {
    Setting setting = Runs.setting(new FedAvg(), TrainingSettings.steps(1, RATE));
    Federation forgetful =
        new Federation(
            problem,
            setting,
            new float[4],
            new float[] {0, 1},
            engine,
            ClientMemory.onHeap(),
            false);
    forgetful.round();
    assertThatThrownBy(() -> forgetful.average(Average.ALL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not kept");
    assertThat(forgetful.memory().get(0, LocalTrainer.LATEST_WEIGHTS)).isNull();
  }

  @Test
  void aScoreIsTheSumOverAllPieces() {
    Federation federation = federation(new FedAvg(), StatisticsPolicy.AVERAGED);
    federation.round();
    for (Average which : Average.values()) {
      Federation.ModelState model = federation.average(which);
      double loss = 0;
      for (int client = 0; client < 4; client++) {
        RealVector distance = vector(model.weights()).subtract(problem.centres[client]);
        RealVector gradient = problem.curvatures[client].operate(distance);
        loss += problem.samples(client) * distance.dotProduct(gradient) / 2;
      }
      Score score = federation.score(which);
      assertThat(score.samples()).isEqualTo(100);
      assertThat(score.loss()).isCloseTo(loss, within(1e-6 * loss));
      assertThat(score.meanLoss()).isCloseTo(loss / 100, within(1e-8 * loss));
      assertThat(Score.of(problem, model.weights(), model.statistics())).isEqualTo(score);
    }
  }

  @Test
  void scoresCountLargestLogitsAndAddUp() {
    float[] logits = {0, 2, 1, /**/ 3, 3, 0, /**/ 0, 0, 5, /**/ 9, 9, 9};
    Score three = Score.of(logits, new int[] {1, 1, 2, 0}, 3, 3);
    assertThat(three.correct()).as("of equal logits the first counts").isEqualTo(2);
    assertThat(three.samples()).isEqualTo(3);
    double loss = logSum(0, 2, 1) - 2 + logSum(3, 3, 0) - 3 + logSum(0, 0, 5) - 5;
    assertThat(three.loss()).isCloseTo(loss, within(1e-12));
    Score sum = three.plus(new Score(1, 0.5, 5));
    assertThat(sum.correct()).isEqualTo(3);
    assertThat(sum.loss()).isCloseTo(loss + 0.5, within(1e-12));
    assertThat(sum.samples()).isEqualTo(8);
    assertThat(sum.accuracy()).isEqualTo(3 / 8.0);
    assertThat(sum.meanLoss()).isCloseTo((loss + 0.5) / 8, within(1e-12));
    assertThat(Score.NONE.plus(three)).isEqualTo(three);
  }

  private static double logSum(double a, double b, double c) {
    return Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c));
  }

  /** Sends what a client is told of itself. */
  record Told(List<double[]> seen) implements Method {
    @Override
    public void afterLocal(ClientView client, LocalResult result) {
      seen.add(
          new double[] {
            client.id(), client.round(), client.relativeSize(), client.steps(), client.rate()
          });
    }
  }

  @Test
  void aClientKnowsItsRelativeSizeStepsAndRate() {
    Told told = new Told(new ArrayList<>());
    Federation federation = federation(told, StatisticsPolicy.AVERAGED);
    for (int round = 0; round < 4; round++) {
      told.seen.clear();
      federation.round();
      assertThat(told.seen).hasSize(2);
      for (int i = 0; i < 2; i++) {
        ClientUpdate update = updates.get(i);
        double relative = problem.samples(update.client()) / 25.0;
        assertThat(told.seen.get(i))
            .containsExactly(update.client(), round, relative, update.steps(), RATE);
      }
    }
  }

  @Test
  void trainingOnTheSideIsThatOfTheNextRoundAndKeepsNothing() {
    Federation federation = federation(new Scaffold(1), StatisticsPolicy.AVERAGED);
    federation.round();
    ServerState before = federation.server();
    long held = federation.memory().heapBytes();
    Map<Integer, Federation.ModelState> models = new TreeMap<>();
    federation.trained(new int[] {3, 0, 1, 2}, models::put);
    assertThat(federation.server()).isSameAs(before);
    assertThat(federation.memory().heapBytes()).isEqualTo(held);
    federation.round();
    assertThat(models).hasSize(4);
    for (ClientUpdate update : updates) {
      Federation.ModelState model = models.get(update.client());
      assertThat(Vectors.minus(model.weights(), before.weights())).containsExactly(update.delta());
      assertThat(model.statistics()).containsExactly(update.statistics());
    }
  }

  private static RealVector vector(float[] values) {
    return new ArrayRealVector(Quadratic.doubles(values));
  }

  private static void assertClose(float[] vector, RealVector expected) {
    assertThat(Quadratic.doubles(vector)).containsExactly(expected.toArray(), within(1e-5));
  }
}
