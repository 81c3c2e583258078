package org.fedlayers.cluster;

import java.io.Serializable;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.options.UserError;

/**
 * How a task ended. What a client's code throws is an outcome too: Spark neither repeats it nor
 * gives up its job, and the driver throws it where the threads of one process would have.
 *
 * @param result an update or a score; null if it failed
 * @param failure without what caused it, whose class the driver may not have
 */
record Outcome(Serializable result, RuntimeException failure) implements Serializable {

  static Outcome of(Throwable thrown) {
    if (thrown instanceof DivergedException diverged) {
      return new Outcome(null, diverged);
    }
    String message = thrown instanceof RuntimeException ? thrown.getMessage() : thrown.toString();
    RuntimeException failure =
        thrown instanceof UserError ? new UserError(message) : new IllegalStateException(message);
    Throwable cause = thrown.getCause() != null ? thrown.getCause() : thrown;
    failure.setStackTrace(cause.getStackTrace());
    return new Outcome(null, failure);
  }

  Serializable orThrow() {
    if (failure != null) {
      throw failure;
    }
    return result;
  }
}
