package org.fedlayers.engine;

import java.util.ServiceLoader;
import java.util.function.IntFunction;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;

/** Engines in other processes; an implementation on the class path is found as a service. */
public interface Cluster {

  /**
   * Engines for the given number of concurrent runs.
   *
   * @param master the cluster's address; null for the environment's
   * @throws UserError if the cluster does not answer
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
