package org.fedlayers.nn.graph;

import java.nio.DoubleBuffer;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * {@link GraphModel} in double precision, for derivatives by differences and for identities that
 * hold to 1e-10; slow.
 */
final class DoubleGraphModel implements AutoCloseable {
  private final GraphModel model;

  DoubleGraphModel(Network network) {
    model = new GraphModel(network, DataType.DOUBLE);
  }

  double gradient(
      double[] weights,
      double[] statistics,
      Batch batch,
      Pass pass,
      LogitLoss loss,
      double[] gradient) {
    load(weights, statistics);
    double value = model.train(batch, pass, loss);
    DoubleBuffer from = model.graph.getGradientsViewArray().data().asNioDouble();
    model.slices.forEach(s -> from.get(s.graph(), gradient, s.canonical(), s.length()));
    if (pass.moves()) {
      copy(model.statistics, statistics);
    }
    return value;
  }

  double penalty() {
    return model.penalty();
  }

  void logits(double[] weights, double[] statistics, Batch batch, double[] logits) {
    load(weights, statistics);
    copy(model.evaluate(batch), logits);
  }

  private void load(double[] weights, double[] statistics) {
    DoubleBuffer to = model.graph.params().data().asNioDouble();
    model.slices.forEach(s -> to.put(s.graph(), weights, s.canonical(), s.length()));
    copy(statistics, model.statistics);
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }

  @Override
  public void close() {
    model.close();
  }
}
