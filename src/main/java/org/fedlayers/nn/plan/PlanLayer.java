package org.fedlayers.nn.plan;

/** One layer's way of being computed: appends its steps to an assembly. */
interface PlanLayer {

  /** Appends the forward steps; called in topological order. */
  Value forward();

  /**
   * Appends the backward steps, which contribute to the gradients of the inputs; called in reverse
   * order, once the output's gradient is complete.
   */
  void backward();
}
