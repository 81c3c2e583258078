package org.fedlayers.federated;

import java.util.Optional;
import org.fedlayers.data.Randomness;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/**
 * Everything that determines a federated run except its problem and its initial weights.
 *
 * @param method what client and server do differently from FedAvg; a record's numbers are checked
 *     against the ranges of their {@link org.fedlayers.options.Option}s
 * @param training how clients train
 * @param federation who takes part
 * @param statistics what happens to normaliser statistics
 * @param rounds of the whole run, over which the learning rate falls
 * @param randomness the source of every draw
 */
public record Setting(
    Method method,
    TrainingSettings training,
    FederationSettings federation,
    StatisticsPolicy statistics,
    int rounds,
    Randomness randomness) {

  public Setting {
    Options.check(training);
    Options.check(federation);
    if (method instanceof Record record) {
      Options.check(record);
    }
    if (training.epochs() == null && training.steps() == null) {
      throw new UserError("a round has either epochs or steps, and there is neither");
    }
    conflict(method, training, federation)
        .ifPresent(
            reason -> {
              throw new UserError(reason);
            });
  }

  /** Why these cannot run together; empty if they can. */
  public static Optional<String> conflict(
      Method method, TrainingSettings training, FederationSettings federation) {
    if (training.optimiser() == TrainingSettings.Optimiser.ADAMW
        && training.buffers() == TrainingSettings.Momentum.LOCAL
        && !federation.everyone()) {
      return Optional.of(
          "AdamW corrects its moments by the number of steps since the first round, which a client"
              + " that was not in all of them has not taken: set training.buffers to reset");
    }
    return federation.isBySize() && !method.slots().client().isEmpty()
        ? Optional.of(
            "the method keeps the mean of what clients remember, to which each counts by its"
                + " images, not by draws: set federation.sampling to uniform")
        : method.conflict(training);
  }

  /** The learning rate of the round that begins in this state. */
  double rate(ServerState server) {
    return training.rate(server.round(), server.samples(), rounds);
  }
}
