package org.fedlayers.federated;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.options.UserError;

/**
 * The round loop: draw a cohort, train its clients, aggregate their updates in the cohort's order,
 * and commit what the clients remember. In FedAvg, with p_i a client's fraction of the cohort's
 * samples and theta_i its weights after local training (McMahan et al., arXiv 1602.05629),
 *
 * <pre>
 * theta+ = theta + sum_i p_i (theta_i - theta)
 * </pre>
 *
 * <pre>{@code
 * var federation = new Federation(problem, setting, weights, statistics, engine, ClientMemory.onHeap(), false);
 * for (int round = 0; round < 100; round++) {
 *   federation.round();
 * }
 * System.out.println(federation.score(Average.COHORT).accuracy());
 * }</pre>
 */
public final class Federation {
  private final Problem problem;
  private final Setting setting;
  private final Engine engine;
  private final ClientMemory memory;
  private final boolean keepLatest;
  private final float[] initialWeights;
  private final float[] initialStatistics;
  private final List<RoundListener> listeners = new ArrayList<>();
  private BooleanSupplier stopping = () -> false;
  private ServerState server;

  /**
   * @param weights theta of the first round
   * @param statistics of the first round
   * @param keepLatest whether every client's latest model is remembered, which scoring {@link
   *     Average#ALL} needs
   */
  public Federation(
      Problem problem,
      Setting setting,
      float[] weights,
      float[] statistics,
      Engine engine,
      ClientMemory memory,
      boolean keepLatest) {
    requireSamples(problem);
    this.problem = problem;
    this.setting = setting;
    this.engine = engine;
    this.memory = memory;
    this.keepLatest = keepLatest;
    this.initialWeights = weights.clone();
    this.initialStatistics = statistics.clone();
    this.server = ServerState.initial(initialWeights, initialStatistics);
  }

  public Federation listen(RoundListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Asks before every mini-batch whether to stop; a stopped round changes nothing. */
  public void stopWhen(BooleanSupplier condition) {
    stopping = condition;
  }

  public ServerState server() {
    return server;
  }

  public ClientMemory memory() {
    return memory;
  }

  public Problem problem() {
    return problem;
  }

  /** Continues from a checkpoint's state; the caller restores the client memory itself. */
  public void restore(ServerState state) {
    server = state;
  }

  /**
   * Runs one round. State changes only at its end: a failure leaves the federation as it was.
   *
   * @throws DivergedException if anything that a client or the server makes is not finite
   * @throws StoppedException if it was to stop, see {@link #stopWhen}
   * @throws IllegalStateException if a client fails otherwise, naming it and the round; a {@link
   *     UserError} stays one
   */
  public RoundReport round() {
    FederationSettings federation = setting.federation();
    int[] samples = IntStream.range(0, problem.clients()).map(problem::samples).toArray();
    int[] drawn = federation.cohort(samples, server.round(), setting.randomness());
    int[] cohort = IntStream.of(drawn).distinct().toArray();
    IntUnaryOperator weight =
        federation.isBySize()
            ? client -> (int) IntStream.of(drawn).filter(each -> each == client).count()
            : client -> samples[client];
    CohortSum sum =
        new CohortSum(
            IntStream.of(cohort).map(weight).asLongStream().sum(),
            federation.isBySize() ? problem.clients() : problem.allSamples());
    listeners.forEach(listener -> listener.roundStarted(server));
    var trainer = new LocalTrainer(problem, setting, server, memory, keepLatest, stopping, cohort);
    ServerState next;
    try {
      engine.inOrder(
          problem,
          cohort.length,
          trainer,
          trained -> {
            ClientUpdate update = trained.weighing(weight.applyAsInt(trained.client()));
            sum.add(update);
            update.remembered().forEach((slot, kept) -> memory.stage(update.client(), slot, kept));
            listeners.forEach(listener -> listener.clientUpdated(update));
          });
      next = aggregate(sum);
    } catch (RuntimeException | Error e) {
      memory.rollBack();
      throw e;
    }
    memory.commit();
    RoundReport report =
        new RoundReport(server.round(), cohort, setting.rate(server), sum.loss(), sum.penalty());
    server = next;
    listeners.forEach(listener -> listener.roundEnded(server, report));
    return report;
  }

  /**
   * Trains clients from the server's present model, as in a round, and keeps nothing of it.
   *
   * @param clients by id
   * @param each receives each client's model, in the order of {@code clients}
   */
  public void trained(int[] clients, BiConsumer<Integer, ModelState> each) {
    var trainer = new LocalTrainer(problem, setting, server, memory, true, stopping, clients);
    engine.inOrder(
        problem,
        clients.length,
        trainer,
        update ->
            each.accept(
                update.client(),
                new ModelState(
                    update.remembered().get(LocalTrainer.LATEST_WEIGHTS), update.statistics())));
  }

  private ServerState aggregate(CohortSum sum) {
    float[] weights = server.weights().clone();
    Map<String, float[]> slots = new TreeMap<>();
    server.slots().forEach((name, vector) -> slots.put(name, vector.clone()));
    float[] cohortWeights = server.weights().clone();
    new ServerView(cohortWeights, Method.Slots.NONE, Map.of()).move(sum.mean(Method.DELTA));
    Method method = setting.method();
    method.aggregate(new ServerView(weights, method.slots(), slots), sum); // may change the means
    Selection personal = setting.statistics().personalWeights(problem.weights());
    personal.copy(cohortWeights, weights);
    slots.values().forEach(personal::clear);
    // A server's momentum or drift would go on moving what clients have frozen.
    Selection frozen = setting.statistics().frozenWeights(problem.weights(), server.round());
    frozen.copy(server.weights(), weights);
    slots.values().forEach(frozen::clear);
    if (setting.training().buffers() == TrainingSettings.Momentum.GLOBAL) {
      slots.put(LocalTrainer.MOMENTUM, Vectors.rounded(sum.mean(LocalTrainer.MOMENTUM)));
    }
    float[] statistics = averaged(server.round(), sum);
    if (setting.statistics().pass(server.round()).statistics() == Pass.Statistics.COLLECTING) {
      Vectors.blend(1 - Normaliser.RATE, server.statistics(), Normaliser.RATE, statistics);
    }
    new Finite("the server", server.round() + 1)
        .vectors(Map.of("weights", weights, "cohort's mean", cohortWeights))
        .vectors(slots)
        .statistics(problem.statistics(), statistics);
    return new ServerState(
        server.round() + 1,
        server.steps() + sum.steps(),
        server.samples() + sum.processed(),
        weights,
        statistics,
        cohortWeights,
        slots);
  }

  /**
   * Weights and statistics of a model to be scored; as a task, scores one piece of the test set.
   */
  public record ModelState(float[] weights, float[] statistics)
      implements Engine.Task<Score>, Serializable {
    @Override
    public Score run(Problem.Worker worker, int piece) {
      return worker.score(piece, weights, statistics);
    }
  }

  public ModelState average(Average which) {
    return switch (which) {
      case COHORT -> new ModelState(server.cohortWeights(), server.statistics());
      case SERVER -> new ModelState(server.weights(), server.statistics());
      case ALL -> averageOfAll();
    };
  }

  private ModelState averageOfAll() {
    if (!keepLatest) {
      throw new IllegalStateException("the clients' latest models were not kept");
    }
    CohortSum sum = new CohortSum(problem.allSamples(), problem.allSamples());
    for (int client = 0; client < problem.clients(); client++) {
      sum.add(
          problem.samples(client),
          memory.get(client, LocalTrainer.LATEST_WEIGHTS, initialWeights),
          memory.get(client, LocalTrainer.LATEST_STATISTICS, initialStatistics));
    }
    float[] averaged =
        setting.statistics().global() ? server.statistics() : averaged(server.round() - 1, sum);
    new Finite("all clients", server.round()).statistics(problem.statistics(), averaged);
    return new ModelState(Vectors.rounded(sum.mean(Method.DELTA)), averaged);
  }

  /** The statistics after a round: the server's if they are frozen, else the clients' average. */
  private float[] averaged(int round, CohortSum sum) {
    StatisticsPolicy policy = setting.statistics();
    return policy.frozen(round)
        ? server.statistics()
        : policy.averaging().average(problem.statistics(), sum.fractions(), sum.statistics());
  }

  /**
   * Scores one of the averages on the problem's test samples.
   *
   * @throws DivergedException if there is no finite loss: finite weights may have infinite logits,
   *     and an accuracy read off these would be that of a guess
   */
  public Score score(Average which) {
    ModelState scored = average(which);
    Score[] total = {Score.NONE};
    engine.inOrder(problem, problem.scorePieces(), scored, one -> total[0] = total[0].plus(one));
    String name = "the " + which.name().toLowerCase(Locale.ROOT) + " average";
    new Finite(name, server.round()).number("test loss", total[0].loss());
    return total[0];
  }

  private static void requireSamples(Problem problem) {
    if (problem.clients() < 1) {
      throw new UserError("a federation needs at least one client");
    }
    for (int client = 0; client < problem.clients(); client++) {
      if (problem.samples(client) < 1) {
        throw new UserError(
            "client %d has no samples; every client needs at least one".formatted(client));
      }
    }
  }
}
