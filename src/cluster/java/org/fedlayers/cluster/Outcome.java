package org.fedlayers.cluster;

import java.io.Serializable;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.options.UserError;

/**
 * The outcome of a task: its result, or what the client's code threw. An exception is an outcome so
 * that Spark neither repeats the task nor fails the job; the driver throws it as the threads of one
 * process would.
 *
 * @param result an update or a score; null if it failed
 * @param failure without its cause, whose class the driver may not have
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
