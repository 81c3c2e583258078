package org.fedlayers.federated;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.fedlayers.nn.Pass;
import org.fedlayers.options.UserError;

/**
 * The clients' part of one round: local SGD along the method's directions, from the server's
 * weights to one update for each client. Task i is the work of the i-th client of the cohort. A
 * task reads only the {@link #server()}, {@link #keepLatest()} and what its client {@link
 * #remembered}, and it changes nothing, so it may run anywhere and be repeated.
 *
 * @param server the state at the start of the round
 * @param memory what clients remember at the start of the round
 * @param keepLatest whether updates carry each client's latest model
 * @param stopping asked before every mini-batch: once it is true, tasks end by {@link
 *     StoppedException}
 * @param cohort the clients that train, by id
 */
public record LocalTrainer(
    Problem problem,
    Setting setting,
    ServerState server,
    ClientMemory memory,
    boolean keepLatest,
    BooleanSupplier stopping,
    int... cohort)
    implements Engine.Task<ClientUpdate> {
  static final String MOMENTUM = "momentum";
  static final String PERSONAL_WEIGHTS = "personal.weights";
  static final String STATISTICS = "personal.statistics";

  /** The mean statistics of a client's batches, uploaded where the server's normalise. */
  static final String COLLECTED = "collected.statistics";

  static final String LATEST_WEIGHTS = "latest.weights";
  static final String LATEST_STATISTICS = "latest.statistics";

  /** The vectors that the client of a task remembers and that its training may read, by slot. */
  public Map<String, float[]> remembered(int index) {
    Map<String, float[]> vectors = new HashMap<>();
    Stream.of(Set.of(MOMENTUM, PERSONAL_WEIGHTS, STATISTICS), setting.method().slots().client())
        .flatMap(Set::stream)
        .forEach(slot -> vectors.put(slot, memory.get(cohort[index], slot)));
    vectors.values().removeIf(Objects::isNull);
    return vectors;
  }

  @Override
  public ClientUpdate run(Problem.Worker worker, int index) {
    try {
      return train(worker, cohort[index]);
    } catch (DivergedException | StoppedException | UserError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      int round = server.round() + 1;
      throw new IllegalStateException(
          "client " + cohort[index] + " failed in round " + round + ": " + e, e);
    }
  }

  private ClientUpdate train(Problem.Worker worker, int client) {
    Method method = setting.method();
    TrainingSettings training = setting.training();
    Selection frozen = setting.statistics().frozenWeights(problem.weights(), server.round());
    ClientView view = new ClientView(problem, setting, server, memory, client);
    int steps = view.steps();
    float[] start = view.start;
    float[] statistics = view.startStatistics();
    Pass pass = setting.statistics().pass(server.round()).withPenalty(training.man());
    boolean collects = pass.statistics() == Pass.Statistics.COLLECTING;
    double[] collected = new double[statistics.length];

    LocalStep step = method.localStep(view);
    long first = (long) server.round() * training.stepsIn(problem.batchesPerEpoch(client));
    float[] velocity = startingVelocity(client);
    LocalOptimiser optimiser = optimiser(view, velocity, first);
    float[] weights = start.clone();
    float[] direction = new float[weights.length];
    long processed = 0;
    double loss = 0;
    double penalty = 0;
    for (int k = 0; k < steps; k++) {
      if (stopping.getAsBoolean()) {
        throw new StoppedException();
      }
      Objective batch = worker.batch(client, first + k, statistics, pass);
      processed += batch.samples();
      loss +=
          step.direction(
              frozen.isEmpty() ? batch : new FrozenWeights(batch, frozen), weights, direction);
      penalty += batch.penalty();
      frozen.clear(direction); // A method's corrections are not the objective's.
      Vectors.clip(training.clip(), direction);
      optimiser.step(weights, direction);
      frozen.copy(start, weights);
      if (collects) {
        Arrays.setAll(collected, i -> collected[i] + statistics[i] / (double) steps);
        System.arraycopy(view.startStatistics, 0, statistics, 0, statistics.length);
      }
    }
    loss /= steps;
    Finite finite = new Finite("client " + client, server.round() + 1);
    finite.number("loss", loss).vectors(Map.of("weights", weights));
    finite.statistics(problem.statistics(), statistics);
    // Personal weights do not start from the server's, which are only averaged for scoring.
    float[] delta = Vectors.minus(weights, server.weights());
    method.afterLocal(view, new LocalResult(weights.clone(), Vectors.minus(weights, start), steps));
    Map<String, float[]> uploads = uploads(view, velocity);
    if (collects) {
      uploads.put(COLLECTED, Vectors.rounded(collected));
    }
    Map<String, float[]> remembered = remembered(view, weights, statistics, velocity);
    finite.vectors(Map.of("update", delta)).vectors(uploads).vectors(remembered);
    return new ClientUpdate(
        client,
        problem.samples(client),
        steps,
        processed,
        loss,
        penalty / steps,
        delta,
        statistics,
        uploads,
        remembered);
  }

  private float[] startingVelocity(int client) {
    TrainingSettings training = setting.training();
    int length = training.buffersPerWeight() * problem.weightCount();
    if (length == 0) {
      return null;
    }
    float[] kept =
        switch (training.buffers()) {
          case RESET -> null;
          case LOCAL -> memory.get(client, MOMENTUM);
          case GLOBAL -> server.slot(MOMENTUM);
        };
    return kept != null ? kept.clone() : new float[length];
  }

  private LocalOptimiser optimiser(ClientView view, float[] buffers, long first) {
    TrainingSettings training = setting.training();
    boolean anew = training.buffers() == TrainingSettings.Momentum.RESET;
    double decay = training.weightDecay();
    double extra = setting.method().extraDecay(view);
    return training.optimiser() == TrainingSettings.Optimiser.SGD
        ? LocalOptimiser.sgd(view.rate(), decay + extra, training.momentum(), buffers)
        : LocalOptimiser.adamW(view.rate(), decay, extra, buffers, anew ? 0 : first);
  }

  private Map<String, float[]> uploads(ClientView view, float[] velocity) {
    Map<String, float[]> uploads = view.uploads;
    for (String name : setting.method().slots().upload()) {
      if (!uploads.containsKey(name)) {
        throw new UserError(
            "the method declares the upload '%s' but client %d did not send it; every client must"
                .formatted(name, view.id()));
      }
    }
    if (setting.training().buffers() == TrainingSettings.Momentum.GLOBAL) {
      uploads.put(MOMENTUM, view.personal.without(velocity));
    }
    return uploads;
  }

  private Map<String, float[]> remembered(
      ClientView view, float[] weights, float[] statistics, float[] velocity) {
    Map<String, float[]> remembered = view.remembered;
    if (setting.training().buffers() == TrainingSettings.Momentum.LOCAL) {
      remembered.put(MOMENTUM, velocity);
    }
    if (!view.personal.isEmpty()) {
      remembered.put(PERSONAL_WEIGHTS, view.personal.of(weights));
    }
    if (setting.statistics().personalStatistics()) {
      remembered.put(STATISTICS, statistics);
    }
    if (keepLatest) {
      remembered.put(LATEST_WEIGHTS, weights);
      remembered.put(LATEST_STATISTICS, statistics);
    }
    return remembered;
  }
}
