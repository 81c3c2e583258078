package org.fedlayers.nn.plan;

/** Called after every step of a model's plans, on the thread that ran it. */
@FunctionalInterface
public interface StepListener {

  /**
   * @param name which step, for a reader
   */
  void ran(StepKind kind, String name);
}
