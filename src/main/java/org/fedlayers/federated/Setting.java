package org.fedlayers.federated;

import java.util.Optional;
import org.fedlayers.data.Randomness;
import org.fedlayers.options.UserError;

/**
 * All that decides a federated run but for its problem and its initial weights.
 *
 * @param method what client and server do differently from FedAvg
 * @param training how clients train
 * @param participation who takes part
 * @param statistics what happens to normaliser statistics
 * @param randomness the source of every draw
 */
public record Setting(
    Method method,
    LocalTraining training,
    Participation participation,
    StatisticsPolicy statistics,
    Randomness randomness) {

  public Setting {
    conflict(method, training, participation)
        .ifPresent(
            reason -> {
              throw new UserError(reason);
            });
  }

  /** Why these cannot run together; empty if they can. */
  public static Optional<String> conflict(
      Method method, LocalTraining training, Participation participation) {
    boolean everyone = participation instanceof Participation.Full;
    if (training.optimiser() == LocalTraining.Optimiser.ADAMW
        && training.buffers() == LocalTraining.Momentum.LOCAL
        && !everyone) {
      return Optional.of(
          "AdamW corrects its moments by the number of steps since the first round, which a client"
              + " that was not in all of them has not taken: set training.buffers to reset");
    }
    return participation.isBySize() && !method.slots().client().isEmpty()
        ? Optional.of(
            "the method keeps the mean of what clients remember, to which each counts by its"
                + " images, not by draws: set federation.sampling to uniform")
        : method.conflict(training);
  }
}
