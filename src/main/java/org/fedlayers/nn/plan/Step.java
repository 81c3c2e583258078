package org.fedlayers.nn.plan;

/** One entry of a plan's list. */
@FunctionalInterface
interface Step {
  void run(Call call);
}
