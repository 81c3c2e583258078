package org.fedlayers.experiment;

import java.util.Map;
import org.fedlayers.federated.Score;

/** Hears how cells get on, from several threads. */
public interface Progress {

  /**
   * What a sweep is about to do, after it was checked and before anything is run.
   *
   * @param seconds how long each of its cells is expected to take, one after another
   */
  default void planned(Experiment experiment, Map<Cell, Double> seconds) {}

  default void began(Experiment experiment) {}

  default void ended(Experiment experiment, Sweep.Outcome outcome) {}

  /** Whether to stop, keeping what is done; asked before every mini-batch. */
  default boolean stopping() {
    return false;
  }

  default void resumed(Cell cell, int done, int rounds) {}

  /** After every round. */
  default void advanced(Cell cell, int done, int rounds) {}

  /** After every scored round, for each model. */
  default void scored(
      Cell cell, int done, int rounds, String model, Score score, double trainLoss) {}

  default void diverged(Cell cell, String why) {}

  default void finished(Cell cell, double seconds) {}

  default void failed(Cell cell, String why) {}

  /** One line to the user. */
  default void say(String line) {}

  default void close() {}
}
