package org.fedlayers.nn.plan;

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
}
