package org.fedlayers.federated;

import java.util.List;
import java.util.stream.IntStream;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * What a federation minimises: sum_i p_i f_i over clients with samples. A problem gives
 * mini-batches by number and scores weights.
 */
public interface Problem {

  int clients();

  /** n_i, at least 1. */
  int samples(int client);

  /** Mini-batches in one pass over a client's data, the last one possibly smaller. */
  int batchesPerEpoch(int client);

  /** Length of the flat weight vector. */
  int weightCount();

  /** The tensors of the flat weight vector, in order; one kernel where there are no layers. */
  default List<Tensor> weights() {
    int count = weightCount();
    return List.of(
        new Tensor(0, "weights", Tensor.Role.KERNEL, new int[] {count}, 0, count, count));
  }

  /** Tensors of normaliser statistics in the flat statistics vector; none for a quadratic. */
  default List<Tensor> statistics() {
    return List.of();
  }

  /** n, the samples of all clients. */
  default long allSamples() {
    return IntStream.range(0, clients()).mapToLong(this::samples).sum();
  }

  /** The number of pieces of the test set; pieces may be scored concurrently. */
  int scorePieces();

  /** Buffers and models for one worker thread. */
  Worker newWorker();

  /** Access to the problem for one thread. */
  interface Worker extends AutoCloseable {

    /**
     * A mini-batch, valid until the next call.
     *
     * @param client whose data
     * @param step the client's step number since the first round: data order is a function of it
     *     alone
     * @param statistics the client's, moved in place by passes that move them
     * @param pass how to treat statistics, and MAN's zeta
     */
    Objective batch(int client, long step, float[] statistics, Pass pass);

    /** Scores one piece of the test samples. */
    Score score(int piece, float[] weights, float[] statistics);

    @Override
    void close();
  }
}
