package org.fedlayers.cluster;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.ClientUpdate;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.LocalTrainer;
import org.fedlayers.federated.ServerState;

/**
 * What all tasks of a job share, broadcast once: words, numbers and vectors.
 *
 * @param description of the run
 * @param version counts changes of {@code live}
 * @param live descriptions of all runs in flight; executors discard others
 * @param server where the round begins; null for scoring
 * @param keepLatest whether updates hold every client's latest model
 * @param scored weights to be scored; null for training
 */
record Work(
    String description,
    long version,
    Set<String> live,
    ServerState server,
    boolean keepLatest,
    Federation.ModelState scored)
    implements Serializable {

  /** The part of one task: its client and what the client remembers. */
  record Request(int client, HashMap<String, float[]> memory) implements Serializable {
    static Request of(Engine.Task<?> task, int index) {
      return task instanceof LocalTrainer trainer
          ? new Request(trainer.cohort()[index], new HashMap<>(trainer.remembered(index)))
          : null;
    }
  }

  static Work of(String description, long version, Set<String> live, Engine.Task<?> task) {
    if (!(task instanceof LocalTrainer trainer)) {
      return new Work(description, version, live, null, false, (Federation.ModelState) task);
    }
    ServerState all = trainer.server();
    // Without the cohort's mean, which no client reads.
    ServerState server =
        new ServerState(
            all.round(),
            all.steps(),
            all.samples(),
            all.weights(),
            all.statistics(),
            all.weights(),
            all.slots());
    return new Work(description, version, live, server, trainer.keepLatest(), null);
  }

  /** The task as the driver has it, on this process's problem. Its number is 0 if it trains. */
  Engine.Task<?> task(RemoteCell cell, Request request, BooleanSupplier stopping) {
    if (scored != null) {
      return scored;
    }
    ClientMemory memory = ClientMemory.onHeap();
    request.memory().forEach((slot, vector) -> memory.stage(request.client(), slot, vector));
    memory.commit();
    return new LocalTrainer(
        cell.problem(), cell.setting(), server, memory, keepLatest, stopping, request.client());
  }

  /** Of the broadcast's vectors. */
  long bytes() {
    return server == null
        ? bytes(scored.weights(), scored.statistics())
        : bytes(server.weights(), server.statistics()) + bytes(server.slots());
  }

  static long bytes(Object result) {
    return result instanceof ClientUpdate update
        ? bytes(update.delta(), update.statistics())
            + bytes(update.uploads())
            + bytes(update.remembered())
        : 3 * Long.BYTES; // a score
  }

  static long bytes(Map<String, float[]> vectors) {
    return bytes(vectors.values().toArray(float[][]::new));
  }

  private static long bytes(float[]... vectors) {
    long bytes = 0;
    for (float[] vector : vectors) {
      bytes += (long) Float.BYTES * vector.length;
    }
    return bytes;
  }
}
