package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;

/**
 * A network on a device. A {@link Program} is compiled for every batch size and kind of pass when
 * first asked for, and kept. The loss is computed on the host in double precision, so that every
 * {@link LogitLoss} works unchanged.
 */
final class CudaModel implements Model {
  /** Images of one run of {@link #logits}; larger batches are taken in turns. */
  private static final int EVALUATION_BATCH = 250;

  private final Network network;
  final Device device;
  final Parameters weights;
  final Parameters gradient;
  final Parameters statistics;
  final Workspace space;
  private final Map<Program.Purpose, Program> programs = new HashMap<>();
  private double penalty;

  CudaModel(Network network, Device device) {
    this.network = network;
    this.device = device;
    weights = new Parameters(network.weights(), device);
    gradient = new Parameters(network.weights(), device);
    statistics = new Parameters(network.statistics(), device);
    space = new Workspace(device);
  }

  private Program program(int samples, Pass pass) {
    return programs.computeIfAbsent(
        new Program.Purpose(samples, pass), purpose -> new Program(this, purpose));
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public double gradient(
      float[] weights, float[] statistics, Batch batch, Pass pass, LogitLoss loss, float[] result) {
    network.check(batch, pass);
    Program program = program(batch.size(), pass);
    this.weights.pack(weights);
    this.statistics.pack(statistics);
    forward(program, batch, 0);
    double value = loss(program.logits, batch, loss);
    program.backward.run();
    device.await();
    gradient.unpack(result);
    if (pass.moves()) {
      this.statistics.unpack(statistics);
    }
    penalty = penalty(program, batch.size(), pass.activationPenalty());
    return value + penalty;
  }

  private void forward(Program program, Batch batch, int first) {
    FloatBuffer images = program.images;
    images.put(0, batch.pixels(), first * network.input().size(), images.capacity());
    program.forward.run();
    device.await();
  }

  /** Replaces the logits by the gradient by them. */
  private double loss(FloatBuffer logits, Batch batch, LogitLoss loss) {
    double[] values = new double[logits.capacity()];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.get(i);
    }
    double[] gradient = new double[values.length];
    double value = loss.apply(values, batch.labels(), batch.size(), network.classes(), gradient);
    for (int i = 0; i < values.length; i++) {
      logits.put(i, (float) gradient[i]);
    }
    return value;
  }

  private double penalty(Program program, int samples, double zeta) {
    double sum = 0;
    if (zeta != 0) {
      for (int i = 0; i < network.penalised().size(); i++) {
        double units = (double) samples * network.penalised().get(i).shape().size();
        sum += zeta / 2 * program.penalties.get(i) / units;
      }
    }
    return sum;
  }

  @Override
  public double penalty() {
    return penalty;
  }

  @Override
  public void logits(float[] weights, float[] statistics, Batch batch, float[] logits) {
    network.check(batch);
    this.weights.pack(weights);
    this.statistics.pack(statistics);
    for (int first = 0; first < batch.size(); first += EVALUATION_BATCH) {
      int size = Math.min(EVALUATION_BATCH, batch.size() - first);
      Program program = program(size, null);
      forward(program, batch, first);
      program.logits.get(0, logits, first * network.classes(), size * network.classes());
    }
  }

  @Override
  public void close() {
    device.close();
  }
}
