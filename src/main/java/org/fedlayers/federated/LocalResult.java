package org.fedlayers.federated;

import java.util.Optional;

/**
 * The result of local training; its vectors are the method's own.
 *
 * @param weights the client's, after its last step
 * @param delta weights minus those it started from
 * @param steps local steps taken, K
 */
public record LocalResult(float[] weights, float[] delta, int steps) {

  /**
   * The mean direction that plain SGD went along, -delta / (K eta); empty where nothing moves any
   * more, because eta has decayed so far that no float holds 1 / (K eta). There delta is nothing,
   * or rounding, and says nothing about gradients: a method keeps what it knew.
   *
   * @param rate eta, this round's
   */
  public Optional<float[]> meanDirection(double rate) {
    float factor = (float) (-1 / (steps * rate));
    if (!Float.isFinite(factor)) {
      return Optional.empty();
    }
    float[] direction = new float[delta.length];
    Vectors.axpy(factor, delta, direction);
    return Optional.of(direction);
  }
}
