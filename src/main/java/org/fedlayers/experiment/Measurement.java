package org.fedlayers.experiment;

import org.fedlayers.options.Values;
import org.fedlayers.results.Schema;

/** What a cell can measure besides accuracy; each in a {@link #table}. */
public enum Measurement {
  /** By layer, of the clients of every scored round. */
  DIVERGENCE,
  /** Of clients' features, beside their divergence. */
  CKA,
  /** Of the average that is scored first, after every scored round. */
  ACTIVATIONS,
  /** This and all below: once, after training, of the average that is scored first. */
  GRADIENTS,
  CURVATURE,
  LANDSCAPE,
  STATISTICS;

  /** The table that it fills. */
  public Schema table() {
    return isOfClients() ? Schema.LAYERS : Schema.named(Values.word(this));
  }

  boolean isOfClients() {
    return this == DIVERGENCE || this == CKA;
  }

  /** Whether the model that a run ends with is all that it takes. */
  public boolean isAtEnd() {
    return compareTo(GRADIENTS) >= 0;
  }

  /** Whether training images are looked at, as they are before any client's shift. */
  boolean isOnTrainingImages() {
    return !isOfClients();
  }

  /** Whether a {@link org.fedlayers.diagnostics.Hessian} computes it, from weights as they are. */
  boolean isByDualNumbers() {
    return this == CKA || this == ACTIVATIONS || this == CURVATURE;
  }
}
