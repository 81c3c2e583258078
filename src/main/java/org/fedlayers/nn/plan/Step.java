package org.fedlayers.nn.plan;

import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;

/**
 * One step of a plan.
 *
 * @param name for profiles and messages
 */
record Step(StepKind kind, String name, Action action) {

  /** What a step does: a primitive, or Java code. */
  @FunctionalInterface
  interface Action {
    void run(Call call);
  }

  /** The arguments of one run of a plan, and the values that its steps add up. */
  static final class Call {
    /** The images; a plan takes as many as its size, starting at {@code first}. */
    Batch batch;

    int first;

    LogitLoss loss;

    /** Whether running statistics move. */
    boolean moving;

    double lossValue;
    double penalty;

    /** Whether no activation of an evaluation overflowed. */
    boolean finite;
  }
}
