package org.fedlayers.nn.plan;

import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;

/**
 * One entry of a plan's list.
 *
 * @param name for profiles and messages
 */
record Step(StepKind kind, String name, Action action) {

  /** What a step does: a primitive, or Java code. */
  @FunctionalInterface
  interface Action {
    void run(Call call);
  }

  /** What one run of a plan is about: its arguments, and the values that steps add up. */
  static final class Call {
    /** The images, of which {@code size} starting at {@code first} are meant. */
    Batch batch;

    int first;

    LogitLoss loss;

    /** Whether running statistics move. */
    boolean moving;

    double lossValue;
    double penalty;
  }
}
