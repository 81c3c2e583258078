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
    move(1, direction);
  }

  /** theta += rate direction. */
  public void move(double rate, double[] direction) {
    add("the direction of the server", rate, direction, weights);
  }

  /** slot += factor direction, for a vector of the server's, which is returned. */
  public float[] add(String slot, double factor, double[] direction) {
    return add(named(slot), factor, direction, slot(slot));
  }

  private static float[] add(String what, double factor, double[] direction, float[] to) {
    Method.Slots.requireLength(what, direction.length, to.length);
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) (to[i] + factor * direction[i]);
    }
    return to;
  }

  /** Replaces a vector of the server's. */
  public void set(String slot, double[] value) {
    Method.Slots.requireLength(named(slot), value.length, weights.length);
    Vectors.round(value, slot(slot));
  }

  private static String named(String slot) {
    return "the server's '" + slot + "'";
  }

  /** A vector of the server's, to be read or changed in place; zero until written. */
  public float[] slot(String name) {
    Method.Slots.require(declared.server(), "server", name);
    return slots.computeIfAbsent(name, none -> new float[weights.length]);
  }
}
