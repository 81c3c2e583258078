package org.fedlayers.federated;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;

/**
 * A federated optimisation method: an immutable record of hyper-parameters that states only what
 * differs from FedAvg. What it remembers are named vectors as long as the weights ("slots"), zero
 * until written.
 */
public interface Method {

  /**
   * The names of the vectors a method remembers or sends, besides the weights' change "delta".
   * Using a name that is not declared is refused.
   *
   * <pre>{@code
   * Slots.NONE.client("drift").server("drift").upload("change")
   * }</pre>
   *
   * @param client kept for each client between its rounds, outside the model
   * @param server kept by the server and sent to every client
   * @param upload sent by every client with its update and averaged by the server
   */
  record Slots(Set<String> client, Set<String> server, Set<String> upload) {
    public static final Slots NONE = new Slots(Set.of(), Set.of(), Set.of());

    public Slots {
      client = Set.copyOf(client);
      server = Set.copyOf(server);
      upload = Set.copyOf(upload);
      Stream.of(client, server, upload).flatMap(Set::stream).forEach(Slots::requireName);
    }

    private static void requireName(String name) {
      if (!name.matches("\\w+") || name.equals(DELTA) || name.equals(LocalTrainer.MOMENTUM)) {
        throw new UserError(
            "a slot cannot be called '%s': letters, digits and _ make a name, and '%s' and '%s' are taken"
                .formatted(name, DELTA, LocalTrainer.MOMENTUM));
      }
    }

    /** These, and vectors kept for each client. */
    public Slots client(String... names) {
      return and(new Slots(Set.of(names), Set.of(), Set.of()));
    }

    /** These, and vectors kept by the server. */
    public Slots server(String... names) {
      return and(new Slots(Set.of(), Set.of(names), Set.of()));
    }

    /** These, and vectors that every client sends. */
    public Slots upload(String... names) {
      return and(new Slots(Set.of(), Set.of(), Set.of(names)));
    }

    /** These and those. */
    public Slots and(Slots other) {
      return new Slots(
          union(client, other.client), union(server, other.server), union(upload, other.upload));
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
      return Stream.of(left, right).flatMap(Set::stream).collect(Collectors.toSet());
    }

    static void require(Set<String> declared, String kind, String slot) {
      if (!declared.contains(slot)) {
        throw new UserError(
            "the method uses the %s slot '%s' without declaring it in slots(); declared: %s"
                .formatted(kind, slot, declared));
      }
    }

    static void requireLength(String vector, int length, int weights) {
      if (length != weights) {
        throw new UserError(
            "%s has %d numbers, expected one for each of the %d weights"
                .formatted(vector, length, weights));
      }
    }
  }

  /** The weighted mean change of the cohort's weights. */
  String DELTA = "delta";

  default Slots slots() {
    return Slots.NONE;
  }

  /** Gradients that one local step takes, for those who foresee how long a run will take. */
  default int gradientsPerStep() {
    return 1;
  }

  /**
   * The client's step for one round; may keep scratch vectors, since it is made anew for each
   * client and round.
   */
  default LocalStep localStep(ClientView client) {
    return LocalStep.SGD;
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
  default Optional<String> conflict(TrainingSettings training) {
    return Optional.empty();
  }
}
