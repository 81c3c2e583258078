package org.fedlayers.nn.plan;

import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;

/** What one run of a plan is about: its arguments, and the values that steps add up. */
final class Call {
  /** The images, of which {@code size} starting at {@code first} are meant. */
  Batch batch;

  int first;

  LogitLoss loss;

  /** Whether running statistics move. */
  boolean moving;

  double lossValue;
  double penalty;
}
