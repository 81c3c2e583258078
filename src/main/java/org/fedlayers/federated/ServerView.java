package org.fedlayers.federated;

import java.util.Map;

/**
 * What a method sees of the server while it aggregates: the weights to move and the server's slots.
 */
public final class ServerView {
  private final float[] weights;
  private final Method.Slots declared;
  private final Map<String, float[]> slots;

  ServerView(float[] weights, Method.Slots declared, Map<String, float[]> slots) {
    this.weights = weights;
    this.declared = declared;
    this.slots = slots;
  }

  /**
   * theta += direction, added in double and rounded once: the one way in which any method's server
   * moves.
   */
  public void move(double[] direction) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] + direction[i]);
    }
  }

  /** A vector of the server's, to be read or changed in place; zero until written. */
  public float[] slot(String name) {
    declared.requireServer(name);
    return slots.computeIfAbsent(name, none -> new float[weights.length]);
  }
}
