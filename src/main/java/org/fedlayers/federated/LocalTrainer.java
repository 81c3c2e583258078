package org.fedlayers.federated;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * One client's part of one round: from the server's weights to an update, by local SGD along the
 * method's directions.
 */
final class LocalTrainer {
  static final String MOMENTUM = "momentum";
  static final String PERSONAL_WEIGHTS = "personal.weights";
  static final String STATISTICS = "personal.statistics";
  static final String LATEST_WEIGHTS = "latest.weights";
  static final String LATEST_STATISTICS = "latest.statistics";

  private final Problem problem;
  private final Setting setting;
  private final ServerState server;
  private final ClientMemory memory;
  private final boolean keepLatest;

  LocalTrainer(
      Problem problem,
      Setting setting,
      ServerState server,
      ClientMemory memory,
      boolean keepLatest) {
    this.problem = problem;
    this.setting = setting;
    this.server = server;
    this.memory = memory;
    this.keepLatest = keepLatest;
  }

  ClientUpdate train(Problem.Worker worker, int client) {
    LocalTraining training = setting.training();
    int steps = training.stepsIn(problem.batchesPerEpoch(client));
    double rate = training.rate().rate(server.round(), server.samples());
    float[] start = startingWeights(client);
    float[] statistics = startingStatistics(client);
    ClientView view = view(client, rate, steps, start);
    Pass pass =
        (setting.statistics().frozen(server.round()) ? Pass.FROZEN : Pass.TRAINING)
            .withPenalty(training.activationPenalty());

    LocalStep step = setting.method().localStep(view);
    float[] velocity = startingVelocity(view);
    LocalSgd sgd =
        new LocalSgd(
            rate,
            training.clip(),
            training.weightDecay() + setting.method().extraDecay(view),
            training.momentum(),
            velocity);
    List<Tensor> fixed = fixedTensors();
    float[] weights = start.clone();
    float[] direction = new float[weights.length];
    long first = (long) server.round() * steps;
    long processed = 0;
    double loss = 0;
    for (int k = 0; k < steps; k++) {
      Objective batch = worker.batch(client, first + k, statistics, pass);
      processed += batch.samples();
      loss += step.direction(batch, weights, direction);
      sgd.step(weights, direction);
      keep(fixed, start, weights);
    }
    loss /= steps;
    if (!Double.isFinite(loss) || !Vectors.isFinite(weights)) {
      throw DivergedException.ofClient(client, server.round());
    }
    // Personal weights start elsewhere than the server's, whose average of them is for scoring
    // only.
    float[] delta = Vectors.minus(weights, server.weights());
    float[] moved = start == server.weights() ? delta : Vectors.minus(weights, start);
    setting.method().afterLocal(view, new LocalResult(weights, moved, steps));
    rememberOwn(view, weights, statistics, velocity);
    return new ClientUpdate(
        client,
        problem.samples(client),
        steps,
        processed,
        loss,
        delta,
        statistics,
        view.uploads(),
        view.remembered());
  }

  private ClientView view(int client, double rate, int steps, float[] start) {
    long all = 0;
    for (int i = 0; i < problem.clients(); i++) {
      all += problem.samples(i);
    }
    double share = (double) problem.clients() * problem.samples(client) / all;
    Map<String, float[]> zeros = new HashMap<>();
    return new ClientView(
        client,
        server.round(),
        rate,
        share,
        steps,
        start,
        server::slot,
        slot -> {
          float[] own = memory.get(client, slot);
          return own != null
              ? own
              : zeros.computeIfAbsent(slot, none -> new float[problem.weightCount()]);
        });
  }

  private float[] startingWeights(int client) {
    float[] own = setting.statistics().personal() ? memory.get(client, PERSONAL_WEIGHTS) : null;
    if (own == null) {
      return server.weights();
    }
    float[] start = server.weights().clone();
    int from = 0;
    for (Tensor tensor : problem.affine()) {
      System.arraycopy(own, from, start, tensor.offset(), tensor.size());
      from += tensor.size();
    }
    return start;
  }

  private float[] startingStatistics(int client) {
    float[] own = setting.statistics().personal() ? memory.get(client, STATISTICS) : null;
    return (own != null ? own : server.statistics()).clone();
  }

  private float[] startingVelocity(ClientView view) {
    if (setting.training().momentum() == 0) {
      return null;
    }
    return switch (setting.training().buffers()) {
      case RESET -> new float[problem.weightCount()];
      case LOCAL -> view.memory(MOMENTUM).clone();
      case GLOBAL -> view.server(MOMENTUM).clone();
    };
  }

  /** FixBN with frozen affine: scale and shift stay as the server sent them. */
  private List<Tensor> fixedTensors() {
    StatisticsPolicy policy = setting.statistics();
    return policy.freezeAffine() && policy.frozen(server.round()) ? problem.affine() : List.of();
  }

  private static void keep(List<Tensor> tensors, float[] start, float[] weights) {
    for (Tensor tensor : tensors) {
      System.arraycopy(start, tensor.offset(), weights, tensor.offset(), tensor.size());
    }
  }

  private void rememberOwn(ClientView view, float[] weights, float[] statistics, float[] velocity) {
    if (velocity != null) {
      switch (setting.training().buffers()) {
        case RESET -> {}
        case LOCAL -> view.remember(MOMENTUM, velocity);
        case GLOBAL -> view.upload(MOMENTUM, velocity);
      }
    }
    if (setting.statistics().personal()) {
      float[] own = new float[problem.affine().stream().mapToInt(Tensor::size).sum()];
      int to = 0;
      for (Tensor tensor : problem.affine()) {
        System.arraycopy(weights, tensor.offset(), own, to, tensor.size());
        to += tensor.size();
      }
      view.remember(PERSONAL_WEIGHTS, own);
      view.remember(STATISTICS, statistics);
    }
    if (keepLatest) {
      view.remember(LATEST_WEIGHTS, weights);
      view.remember(LATEST_STATISTICS, statistics);
    }
  }
}
