package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.List;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/**
 * Weights, their gradient and the statistics of normalisers: on the device, where every program of
 * a model finds them, and in host memory on their way there and back.
 */
final class Parameters {
  private final Device device;
  private final FlatLayout weights;
  private final FlatLayout statistics;
  private final FloatBuffer weightBuffer;
  private final FloatBuffer statisticBuffer;
  private final FloatBuffer gradientBuffer;
  private final long weightsAt;
  private final long statisticsAt;
  private final long gradientAt;

  Parameters(Network network, Device device) {
    this.device = device;
    weights = new FlatLayout(network.weights());
    statistics = new FlatLayout(network.statistics());
    weightBuffer = device.staging(weights.floats());
    gradientBuffer = device.staging(weights.floats());
    statisticBuffer = device.staging(statistics.floats());
    weightsAt = device.allocate(weights.floats());
    gradientAt = device.allocate(weights.floats());
    statisticsAt = device.allocate(statistics.floats());
  }

  long weight(Node node, Tensor.Role role) {
    return weightsAt + weights.offset(node.index(), role);
  }

  long gradient(Node node, Tensor.Role role) {
    return gradientAt + weights.offset(node.index(), role);
  }

  /** The running mean and variance of a node. */
  Statistics statistics(Node node) {
    return new Statistics(
        statisticsAt + statistics.offset(node.index(), Tensor.Role.MEAN),
        statisticsAt + statistics.offset(node.index(), Tensor.Role.VARIANCE));
  }

  void pack(float[] weightVector, float[] statisticVector) {
    weights.pack(weightVector, weightBuffer);
    statistics.pack(statisticVector, statisticBuffer);
  }

  void unpackGradient(float[] vector) {
    weights.unpack(gradientBuffer, vector);
  }

  void unpackStatistics(float[] vector) {
    statistics.unpack(statisticBuffer, vector);
  }

  List<Runnable> uploads() {
    return List.of(
        device.upload(weightBuffer, weightsAt), device.upload(statisticBuffer, statisticsAt));
  }

  Runnable downloadGradient() {
    return device.download(gradientAt, gradientBuffer);
  }

  Runnable downloadStatistics() {
    return device.download(statisticsAt, statisticBuffer);
  }
}
