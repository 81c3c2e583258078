package org.fedlayers.federated;

/** Somebody asked for the work to end before it was done. */
public final class StoppedException extends RuntimeException {
  public StoppedException() {
    super("stopped");
  }
}
