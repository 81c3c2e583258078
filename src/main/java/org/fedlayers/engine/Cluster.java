package org.fedlayers.engine;

import java.util.ServiceLoader;
import java.util.function.IntFunction;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;

/** Engines of other processes: the library looks for one on its class path and does not need it. */
public interface Cluster {

  /**
   * Engines for as many runs side by side as they are asked for.
   *
   * @param master the cluster's address; null for the environment's
   * @throws UserError if nobody answers there
   */
  IntFunction<Engine> at(String master);

  /** Apache Spark, or a {@link UserError} if it is not on the class path. */
  static Cluster spark() {
    return ServiceLoader.load(Cluster.class)
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--engine spark needs Apache Spark, which is not built in: run 'make cluster'"
                        + " (it fetches 200 MB), then this command again"));
  }
}
