package org.fedlayers.nn.plan;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/** A compiled network for one purpose: steps to run in order. */
final class Plan implements AutoCloseable {
  /**
   * What a plan is compiled for.
   *
   * @param size images in the batch
   * @param training whether gradients are wanted
   * @param frozen whether running statistics normalise
   * @param penalty MAN's zeta, 0 for none
   */
  record Purpose(int size, boolean training, boolean frozen, double penalty) {}

  /** Native memory that a run needs. */
  final long bytes;

  private final Step[] steps;
  private final List<Buffer> buffers;
  private final Buffer logits;
  private final PointerScope made;

  /**
   * @param made holds every native object of the plan, until closed
   */
  Plan(Assembly assembly, Buffer logits, PointerScope made) {
    this.steps = assembly.steps.toArray(Step[]::new);
    this.buffers = assembly.buffers;
    this.bytes = Arena.layOut(buffers.stream().filter(buffer -> !buffer.isView()).toList());
    this.logits = logits;
    this.made = made;
  }

  /** Says in which memory the plan works; nothing there outlives a run. */
  void bind(Arena arena) {
    buffers.forEach(buffer -> buffer.bind(arena));
  }

  void run(Step.Call call, StepListener listener) {
    for (Step step : steps) {
      step.action().run(call);
      listener.ran(step.kind(), step.name());
    }
  }

  /** Copies the logits of the last run. */
  void logits(float[] target, int offset) {
    logits.floats().get(0, target, offset, logits.floats().capacity());
  }

  @Override
  public void close() {
    made.close();
  }
}
