package org.fedlayers.nn.plan;

/** Is told of every step of a model's plans after it has run, on the thread that ran it. */
@FunctionalInterface
public interface StepListener {

  /**
   * @param name which step, for a reader
   */
  void ran(StepKind kind, String name);
}
