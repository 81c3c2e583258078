package org.fedlayers.nn;

import org.fedlayers.data.Batch;

/**
 * A {@link Network} that can be computed: functions of flat vectors in the network's canonical
 * order. A model keeps buffers between calls but no weights: equal arguments give equal bits,
 * whatever was computed before. Not thread-safe; one per worker.
 */
public interface Model extends AutoCloseable {

  Network network();

  /**
   * One training pass, forward and backward.
   *
   * @param weights length {@link Network#weightCount()}
   * @param statistics length {@link Network#statisticsCount()}; moved in place where the pass says
   *     so
   * @param batch images and labels; any size from 1 (normalising by batch needs 2 values a channel)
   * @param result overwritten with the derivative of the returned value by each weight
   * @return mean loss of the batch plus the activation penalty, if any
   */
  double gradient(
      float[] weights, float[] statistics, Batch batch, Pass pass, LogitLoss loss, float[] result);

  /**
   * The activation penalty, zeta/2 included, within the value the last {@link #gradient} returned;
   * 0 without one.
   */
  double penalty();

  /**
   * Logits in evaluation mode: running statistics normalise.
   *
   * @param logits overwritten; [batch.size(), classes], row-major
   */
  void logits(float[] weights, float[] statistics, Batch batch, float[] logits);

  /** Frees native memory. */
  @Override
  void close();
}
