package org.fedlayers.federated;

/**
 * Watches rounds, for example to measure divergence. Called on one thread; updates come in the
 * cohort's order and must not be kept.
 */
public interface RoundListener {

  default void roundStarted(ServerState server) {}

  default void clientUpdated(ClientUpdate update) {}

  default void roundEnded(ServerState server, RoundReport report) {}
}
