package org.fedlayers.nn.plan;

import java.util.Locale;

/** What a step of a plan is for, as profiles name it. */
public enum StepKind {
  /** What the caller did since the model's last pass. */
  BETWEEN_PASSES,
  /** Copies between Java and native memory: weights, gradient, statistics and images. */
  HOST_COPY,
  CONVOLUTION_FORWARD,
  CONVOLUTION_BACKWARD_DATA,
  CONVOLUTION_BACKWARD_WEIGHTS,
  DENSE,
  NORM,
  /** Max-pooling, with the derivative of the ReLU before it where one step does both. */
  POOL,
  ACTIVATION,
  /** Skip connections, and gradients that meet. */
  ADD,
  PENALTY,
  LOSS,
  /** Copies between layouts. */
  REORDER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
