package org.fedlayers.federated;

import java.util.Optional;
import java.util.Set;

/**
 * A federated optimisation method: an immutable record of hyper-parameters that states only what
 * differs from FedAvg. What it remembers are named vectors as long as the weights ("slots"), zero
 * until written.
 */
public interface Method {

  /**
   * The names of the vectors a method remembers or sends, besides the weights' change "delta".
   *
   * @param client kept for each client between its rounds, outside the model
   * @param server kept by the server and sent to every client
   * @param upload sent by a client with its update and folded by the server
   */
  record Slots(Set<String> client, Set<String> server, Set<String> upload) {
    public static final Slots NONE = new Slots(Set.of(), Set.of(), Set.of());
  }

  /** The weighted mean change of the cohort's weights. */
  String DELTA = "delta";

  default Slots slots() {
    return Slots.NONE;
  }

  /**
   * The client's step for one round; may keep scratch vectors, since it is made anew for each
   * client and round.
   */
  default LocalStep localStep(ClientView client) {
    return Objective::gradient;
  }

  /** Added to the weight decay, and like it after clipping: the alpha w of FedDyn and FedSpeed. */
  default double extraDecay(ClientView client) {
    return 0;
  }

  /** After the last local step: what to remember and what to send. */
  default void afterLocal(ClientView client, LocalResult result) {}

  /**
   * The server's part. FedAvg: theta += sum_i p_i delta_i, with p_i = n_i over the cohort's
   * samples.
   */
  default void aggregate(ServerView server, CohortSum sum) {
    server.move(sum.mean(DELTA));
  }

  /** Why this method cannot run with such local training; empty if it can. */
  default Optional<String> conflict(LocalTraining training) {
    return Optional.empty();
  }
}
