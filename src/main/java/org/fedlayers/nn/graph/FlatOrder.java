package org.fedlayers.nn.graph;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Carries weights between the canonical flat order and a graph's, which lays out vertices in an
 * order of its own and a convolution's bias before its kernel. Inside a tensor both agree: DL4J's
 * [inputs, units] in Fortran order is [units, inputs] row by row.
 */
final class FlatOrder {

  /** The same {@code length} values, starting at an index of either order. */
  private record Slice(int canonical, int graph, int length) {}

  private final List<Slice> slices;

  FlatOrder(Network network, ComputationGraph graph) {
    slices = network.weights().stream().map(tensor -> slice(network, graph, tensor)).toList();
  }

  private static Slice slice(Network network, ComputationGraph graph, Tensor tensor) {
    var vertex = graph.getVertex(network.node(tensor.node()).name());
    int first = network.weightsOf(tensor.node()).get(0).offset();
    INDArray view =
        switch (tensor.role()) {
          case KERNEL -> vertex.getLayer().getParam("W");
          case BIAS -> vertex.getLayer().getParam("b");
          default -> vertex.params();
        };
    int within = vertex.hasLayer() ? 0 : tensor.offset() - first;
    return new Slice(tensor.offset(), (int) view.offset() + within, tensor.size());
  }

  void write(float[] weights, INDArray array) {
    FloatBuffer buffer = array.data().asNioFloat();
    slices.forEach(s -> buffer.put(s.graph, weights, s.canonical, s.length));
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  void write(double[] weights, INDArray array) {
    DoubleBuffer buffer = array.data().asNioDouble();
    slices.forEach(s -> buffer.put(s.graph, weights, s.canonical, s.length));
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  void read(INDArray array, float[] weights) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
    FloatBuffer buffer = array.data().asNioFloat();
    slices.forEach(s -> buffer.get(s.graph, weights, s.canonical, s.length));
  }

  void read(INDArray array, double[] weights) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
    DoubleBuffer buffer = array.data().asNioDouble();
    slices.forEach(s -> buffer.get(s.graph, weights, s.canonical, s.length));
  }
}
