package org.fedlayers.federated;

/** The work was asked to stop before it was done. */
public final class StoppedException extends RuntimeException {
  public StoppedException() {
    super("stopped");
  }
}
