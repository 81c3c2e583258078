package org.fedlayers.federated;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.nn.Tensor;

/**
 * What a method sees of one client in one round. Vectors read here are copies of those of the
 * round's start; what is written is staged, and committed by the server only with the whole round,
 * so a task that is run twice cannot count twice.
 */
public final class ClientView {
  private final Problem problem;
  private final Setting setting;
  private final ServerState server;
  private final ClientMemory memory;
  private final int id;
  private final int steps;
  private final Map<String, float[]> read = new HashMap<>();

  /** The weights that never leave the client. */
  final Selection personal;

  /** What its training starts from, which nothing changes. */
  final float[] start;

  final float[] startStatistics;

  /** What the client will send, and what it will remember; the trainer adds to both. */
  final Map<String, float[]> uploads = new HashMap<>();

  final Map<String, float[]> remembered = new HashMap<>();

  ClientView(Problem problem, Setting setting, ServerState server, ClientMemory memory, int id) {
    this.problem = problem;
    this.setting = setting;
    this.server = server;
    this.memory = memory;
    this.id = id;
    int all = setting.training().stepsIn(problem.batchesPerEpoch(id));
    steps = setting.federation().steps(id, server.round(), all, setting.randomness());
    personal = setting.statistics().personalWeights(problem.weights());
    float[] own = memory.get(id, LocalTrainer.PERSONAL_WEIGHTS);
    start = own == null ? server.weights() : personal.put(own, server.weights());
    startStatistics = memory.get(id, LocalTrainer.STATISTICS, server.statistics());
  }

  public int id() {
    return id;
  }

  /** From 0. */
  public int round() {
    return server.round();
  }

  /** This round's learning rate, decayed. */
  public double rate() {
    return setting.rate(server);
  }

  /** N p_i: this client's samples over the mean of all clients; 1 if all have equally many. */
  public double relativeSize() {
    return (double) problem.clients() * problem.samples(id) / problem.allSamples();
  }

  /** Local steps in this round, K. */
  public int steps() {
    return steps;
  }

  /** The weights that the client starts from. */
  public float[] start() {
    return start.clone();
  }

  /** The normaliser statistics that the client starts from. */
  public float[] startStatistics() {
    return startStatistics.clone();
  }

  /** The tensors of the flat weight vector, in order. */
  public List<Tensor> tensors() {
    return problem.weights();
  }

  /** A vector of the server's, zero until written. */
  public float[] server(String slot) {
    Method.Slots.require(setting.method().slots().server(), "server", slot);
    return server.slot(slot).clone();
  }

  /** A vector of this client's memory, zero until written. */
  public float[] memory(String slot) {
    Method.Slots.require(setting.method().slots().client(), "client", slot);
    return read.computeIfAbsent(slot, key -> memory.get(id, key, new float[start.length])).clone();
  }

  /** Stages a vector for this client's memory; the array must not change any more. */
  public void remember(String slot, float[] value) {
    Method.Slots.require(setting.method().slots().client(), "client", slot);
    Method.Slots.requireLength("the client's '" + slot + "'", value.length, start.length);
    remembered.put(slot, personal.without(value));
  }

  /** Sends a vector to the server along with the update; the array must not change any more. */
  public void upload(String slot, float[] value) {
    Method.Slots.require(setting.method().slots().upload(), "upload", slot);
    Method.Slots.requireLength("the upload '" + slot + "'", value.length, start.length);
    uploads.put(slot, personal.without(value));
  }
}
