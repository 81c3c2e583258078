package org.fedlayers.nn.graph;

import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The reference executor: a network as a DL4J ComputationGraph, in single precision. Runs wherever
 * ND4J does. {@link DoubleGraphModel} is the same in double.
 */
public final class GraphModel implements Model {
  private final GraphComputation computation;

  /** Builds the graph, which takes a second or two the first time. */
  public GraphModel(Network network) {
    computation = new GraphComputation(network, DataType.FLOAT);
  }

  @Override
  public Network network() {
    return computation.network();
  }

  @Override
  public double gradient(
      float[] weights,
      float[] statistics,
      Batch batch,
      Pass pass,
      LogitLoss loss,
      float[] gradient) {
    load(weights, statistics);
    double value = computation.train(batch, pass, loss);
    computation.order().read(computation.gradients(), gradient);
    if (pass.moves()) {
      for (int i = 0; i < statistics.length; i++) {
        statistics[i] = (float) computation.statistics()[i];
      }
    }
    return value;
  }

  @Override
  public double penalty() {
    return computation.penalty();
  }

  @Override
  public void logits(float[] weights, float[] statistics, Batch batch, float[] logits) {
    load(weights, statistics);
    double[] values = computation.evaluate(batch);
    for (int i = 0; i < values.length; i++) {
      logits[i] = (float) values[i];
    }
  }

  private void load(float[] weights, float[] statistics) {
    computation.order().write(weights, computation.weights());
    for (int i = 0; i < statistics.length; i++) {
      computation.statistics()[i] = statistics[i];
    }
  }

  @Override
  public void close() {
    computation.close();
  }
}
