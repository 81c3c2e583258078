package org.fedlayers.sweep;

import java.util.Map;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;

/** Listens to the progress of a sweep; it is called from several threads. */
public interface SweepProgress {

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

  /**
   * After every scored round, for each model.
   *
   * @param accuracy on the test images in [0, 1]
   */
  default void scored(Cell cell, int done, int rounds, double accuracy) {}

  default void finished(Cell cell, double seconds) {}

  /** What the user should know of a cell: that it diverged, or why it failed. */
  default void say(Cell cell, String text) {
    say(cell + ": " + text);
  }

  /** One line to the user. */
  default void say(String line) {}

  default void close() {}
}
