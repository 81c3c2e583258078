package org.fedlayers.federated;

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
    method
        .conflict(training)
        .ifPresent(
            reason -> {
              throw new UserError(reason);
            });
  }
}
