package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.List;
import org.fedlayers.nn.Network;

/**
 * A network compiled for one batch size and one kind of pass: what goes forward as one queued call,
 * what goes back as another, and the host memory that both begin and end with.
 */
final class Program {
  private final FloatBuffer images;
  private final FloatBuffer logits;
  private final FloatBuffer penalties;
  private final Runnable forward;
  private final Runnable backward;

  Program(
      Network network,
      ProgramPurpose purpose,
      Device device,
      Parameters parameters,
      Workspace space) {
    space.restart();
    int samples = purpose.samples();
    images = device.staging(samples * network.input().size());
    logits = device.staging(samples * network.classes());
    penalties = device.staging(Math.max(1, network.penalised().size()));
    Compilation compiled = new Compilation(network, purpose, device, parameters, space);
    List<Runnable> there = compiled.forward(images, logits);
    forward = device.together(there);
    backward =
        purpose.training() ? device.together(compiled.backward(logits, penalties)) : () -> {};
  }

  /** All images of the batch, packed. */
  FloatBuffer images() {
    return images;
  }

  /** The logits after going forward; the gradient by them before going back. */
  FloatBuffer logits() {
    return logits;
  }

  /** After going back: the sum of squares of each penalised activation. */
  FloatBuffer penalties() {
    return penalties;
  }

  Runnable forward() {
    return forward;
  }

  Runnable backward() {
    return backward;
  }
}
