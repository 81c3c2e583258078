package org.fedlayers.federated;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What a method sees of one client in one round. Vectors read here are those of the round's start
 * and must not be changed; what is written is staged, and committed by the server only with the
 * whole round, so a task that is run twice cannot count twice.
 */
public final class ClientView {
  private final int id;
  private final int round;
  private final double rate;
  private final double share;
  private final int steps;
  private final float[] start;
  private final Function<String, float[]> server;
  private final Function<String, float[]> memory;
  private final Map<String, float[]> uploads = new HashMap<>();
  private final Map<String, float[]> remembered = new HashMap<>();

  ClientView(
      int id,
      int round,
      double rate,
      double share,
      int steps,
      float[] start,
      Function<String, float[]> server,
      Function<String, float[]> memory) {
    this.id = id;
    this.round = round;
    this.rate = rate;
    this.share = share;
    this.steps = steps;
    this.start = start;
    this.server = server;
    this.memory = memory;
  }

  public int id() {
    return id;
  }

  /** From 0. */
  public int round() {
    return round;
  }

  /** This round's learning rate, decayed. */
  public double rate() {
    return rate;
  }

  /** The number of clients times this client's share of all samples: 1 if all are of one size. */
  public double share() {
    return share;
  }

  /** Local steps in this round, K. */
  public int steps() {
    return steps;
  }

  /** The weights that the client starts from. */
  public float[] start() {
    return start;
  }

  /** A vector of the server's. */
  public float[] server(String slot) {
    return server.apply(slot);
  }

  /** A vector of this client's memory, zero until written. */
  public float[] memory(String slot) {
    return memory.apply(slot);
  }

  /** Stages a vector for this client's memory. */
  public void remember(String slot, float[] value) {
    remembered.put(slot, value);
  }

  /** Sends a vector to the server along with the update. */
  public void upload(String slot, float[] value) {
    uploads.put(slot, value);
  }

  Map<String, float[]> uploads() {
    return uploads;
  }

  Map<String, float[]> remembered() {
    return remembered;
  }
}
