package org.fedlayers.nn.graph;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Nd4jRuntime;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network's graph in one precision, with what both precisions' models share. */
final class GraphComputation {
  private final Network network;
  private final DataType type;
  private final FlatOrder order;
  private final ExternalErrorGraph graph;
  private final double[] statistics;
  private final List<SingleInputVertex> vertices = new ArrayList<>();
  private INDArray input;

  GraphComputation(Network network, DataType type) {
    Nd4jRuntime.describe();
    this.network = network;
    this.type = type;
    this.statistics = new double[network.statisticsCount()];
    // ND4J's random generator and class registry are global.
    synchronized (Nd4jRuntime.class) {
      ComputationGraphConfiguration configuration =
          new GraphConfiguration(network, type, statistics).build();
      this.graph = new ExternalErrorGraph(configuration);
      graph.init(Nd4j.create(type, 1, network.weightCount()), false);
      graph.initGradientsView();
    }
    this.order = new FlatOrder(network, graph);
    for (var vertex : graph.getVertices()) {
      if (vertex instanceof SingleInputVertex own) {
        vertices.add(own);
      }
    }
  }

  Network network() {
    return network;
  }

  FlatOrder order() {
    return order;
  }

  INDArray weights() {
    return graph.params();
  }

  INDArray gradients() {
    return graph.gradients();
  }

  /** Running statistics, in the canonical order; read and moved by the vertices. */
  double[] statistics() {
    return statistics;
  }

  /** Forward and backward; returns loss plus penalty. */
  double train(Batch batch, Pass pass, LogitLoss loss) {
    Nd4jRuntime.useOneThread();
    vertices.forEach(vertex -> vertex.pass = pass);
    double[] value = new double[1];
    graph.train(
        input(batch),
        outputs -> {
          double[] logits = outputs.ravel().toDoubleVector();
          double[] gradient = new double[logits.length];
          value[0] = loss.apply(logits, batch.labels(), batch.size(), network.classes(), gradient);
          return Nd4j.createFromArray(gradient).castTo(type).reshape('c', outputs.shape());
        });
    return value[0] + penalty();
  }

  double penalty() {
    double sum = 0;
    for (SingleInputVertex vertex : vertices) {
      sum += vertex.penalty();
    }
    return sum;
  }

  /** Logits in evaluation mode. */
  double[] evaluate(Batch batch) {
    Nd4jRuntime.useOneThread();
    INDArray outputs = graph.outputSingle(false, input(batch));
    double[] logits = outputs.ravel().toDoubleVector();
    outputs.close();
    return logits;
  }

  private INDArray input(Batch batch) {
    Shape shape = network.input();
    if (batch.size() < 1 || batch.pixels().length < batch.size() * shape.size()) {
      throw new IllegalArgumentException(
          "%d images in a batch of %d, %d values for images of %s"
              .formatted(batch.size(), batch.capacity(), batch.pixels().length, shape));
    }
    if (input == null || input.size(0) != batch.size()) {
      close(input);
      input =
          shape.height() * shape.width() == 1
              ? Nd4j.create(type, batch.size(), shape.channels())
              : Nd4j.create(type, batch.size(), shape.channels(), shape.height(), shape.width());
    }
    int length = batch.size() * shape.size();
    if (type == DataType.FLOAT) {
      FloatBuffer buffer = input.data().asNioFloat();
      buffer.put(0, batch.pixels(), 0, length);
    } else {
      DoubleBuffer buffer = input.data().asNioDouble();
      for (int i = 0; i < length; i++) {
        buffer.put(i, batch.pixels()[i]);
      }
    }
    Nd4j.getAffinityManager().tagLocation(input, Location.HOST);
    return input;
  }

  void close() {
    close(input);
    close(graph.params());
    close(graph.gradients());
  }

  private static void close(INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }
}
