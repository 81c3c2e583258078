package org.fedlayers.nn.graph;

import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * {@link GraphModel} in double precision, for derivatives by differences and for identities that
 * hold to 1e-10; slow. Its functions are those of {@link Model}.
 */
public final class DoubleGraphModel implements AutoCloseable {
  private final GraphComputation computation;

  public DoubleGraphModel(Network network) {
    computation = new GraphComputation(network, DataType.DOUBLE);
  }

  public Network network() {
    return computation.network();
  }

  /** As {@link Model#gradient}. */
  public double gradient(
      double[] weights,
      double[] statistics,
      Batch batch,
      Pass pass,
      LogitLoss loss,
      double[] gradient) {
    load(weights, statistics);
    double value = computation.train(batch, pass, loss);
    computation.order().read(computation.gradients(), gradient);
    if (pass.moves()) {
      copy(computation.statistics(), statistics);
    }
    return value;
  }

  /** As {@link Model#penalty}. */
  public double penalty() {
    return computation.penalty();
  }

  /** As {@link Model#logits}. */
  public void logits(double[] weights, double[] statistics, Batch batch, double[] logits) {
    load(weights, statistics);
    copy(computation.evaluate(batch), logits);
  }

  private void load(double[] weights, double[] statistics) {
    computation.order().write(weights, computation.weights());
    copy(statistics, computation.statistics());
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }

  @Override
  public void close() {
    computation.close();
  }
}
