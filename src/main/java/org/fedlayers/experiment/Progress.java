package org.fedlayers.experiment;

import org.fedlayers.federated.Score;

/** Hears how cells get on, from several threads. */
public interface Progress {

  /** The sweep's cells and how many seconds they are expected to take, one after another. */
  default void planned(java.util.Map<Cell, Double> seconds) {}

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
