package org.fedlayers.nn.graph;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Nd4jRuntime;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The reference executor: a network as a DL4J ComputationGraph, in single precision. Runs wherever
 * ND4J does.
 */
public final class GraphModel implements Model {

  /**
   * The same values, starting at an index of the canonical flat order and of the graph's, which
   * lays out vertices in an order of its own and a convolution's bias before its kernel. Inside a
   * tensor both agree: DL4J's [inputs, units] in Fortran order is [units, inputs] row by row.
   */
  record Slice(int canonical, int graph, int length) {}

  private final Network network;
  private final DataType type;

  /** Of all weights. */
  final List<Slice> slices;

  final ExternalErrorGraph graph;

  /** Running statistics, in the canonical order; read and moved by the vertices. */
  final double[] statistics;

  private final List<SingleInputVertex> vertices;

  /** Builds the graph, which takes a second or two the first time. */
  public GraphModel(Network network) {
    this(network, DataType.FLOAT);
  }

  /** In another precision, for tests, which bring and take weights and statistics themselves. */
  GraphModel(Network network, DataType type) {
    Nd4jRuntime.isOnCpu();
    this.network = network;
    this.type = type;
    this.statistics = new double[network.statisticsCount()];
    // ND4J's random generator and class registry are global.
    synchronized (Nd4jRuntime.class) {
      graph = new ExternalErrorGraph(new GraphConfiguration(network, type, statistics).build());
      graph.init(Nd4j.create(type, 1, network.weightCount()), false);
      graph.initGradientsView();
    }
    slices = network.weights().stream().map(this::slice).toList();
    vertices =
        Stream.of(graph.getVertices())
            .filter(SingleInputVertex.class::isInstance)
            .map(SingleInputVertex.class::cast)
            .toList();
  }

  private Slice slice(Tensor tensor) {
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

  @Override
  public Network network() {
    return network;
  }

  @Override
  public double gradient(
      float[] weights, float[] statistics, Batch batch, Pass pass, LogitLoss loss, float[] result) {
    network.check(batch, pass);
    load(weights, statistics);
    double value = train(batch, pass, loss);
    Nd4j.getAffinityManager().ensureLocation(graph.getGradientsViewArray(), Location.HOST);
    FloatBuffer gradients = graph.getGradientsViewArray().data().asNioFloat();
    slices.forEach(s -> gradients.get(s.graph, result, s.canonical, s.length));
    if (pass.moves()) {
      copy(this.statistics, statistics);
    }
    return value;
  }

  /** Forward and backward; returns loss plus penalty. */
  double train(Batch batch, Pass pass, LogitLoss loss) {
    vertices.forEach(vertex -> vertex.pass = pass);
    double[] value = new double[1];
    return onInput(
        batch,
        input -> {
          graph.train(
              input,
              outputs -> {
                double[] logits = outputs.ravel().toDoubleVector();
                double[] gradient = new double[logits.length];
                int size = batch.size();
                value[0] = loss.apply(logits, batch.labels(), size, network.classes(), gradient);
                return Nd4j.createFromArray(gradient).castTo(type).reshape('c', outputs.shape());
              });
          return value[0] + penalty();
        });
  }

  @Override
  public double penalty() {
    double sum = 0;
    for (SingleInputVertex vertex : vertices) {
      sum += vertex.penalty();
    }
    return sum;
  }

  @Override
  public void logits(float[] weights, float[] statistics, Batch batch, float[] logits) {
    load(weights, statistics);
    copy(evaluate(batch), logits);
  }

  /** Logits in evaluation mode. */
  double[] evaluate(Batch batch) {
    return onInput(
        batch,
        input -> {
          try (INDArray outputs = graph.outputSingle(false, input)) {
            return outputs.ravel().toDoubleVector();
          }
        });
  }

  private void load(float[] weights, float[] newStatistics) {
    FloatBuffer buffer = graph.params().data().asNioFloat();
    slices.forEach(s -> buffer.put(s.graph, weights, s.canonical, s.length));
    Nd4j.getAffinityManager().tagLocation(graph.params(), Location.HOST);
    Arrays.setAll(statistics, i -> newStatistics[i]);
  }

  private static void copy(double[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = (float) from[i];
    }
  }

  private <R> R onInput(Batch batch, Function<INDArray, R> task) {
    network.check(batch);
    Nd4jRuntime.useOneThread();
    Shape shape = network.input();
    float[] pixels = Arrays.copyOf(batch.pixels(), batch.size() * shape.size());
    long[] sides = {batch.size(), shape.channels(), shape.height(), shape.width()};
    if (shape.isVector()) {
      sides = new long[] {batch.size(), shape.channels()};
    }
    try (INDArray input = Nd4j.createFromArray(pixels).castTo(type)) {
      return task.apply(input.reshape('c', sides));
    }
  }

  @Override
  public void close() {
    graph.params().close();
    graph.getGradientsViewArray().close();
  }
}
