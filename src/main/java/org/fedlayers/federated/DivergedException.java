package org.fedlayers.federated;

/** Training has diverged to infinite or undefined values: a result, and no fault of the program. */
public class DivergedException extends RuntimeException {
  private final int round;

  /**
   * @param what is no longer finite, for example {@code the loss of client 3}
   * @param round from 1, as tables count
   */
  public DivergedException(String what, int round) {
    super(what + " became NaN or infinite: " + words(round));
    this.round = round;
  }

  /** From 1: the round in which it happened. */
  public int round() {
    return round;
  }

  /** When it happened, and what to try. */
  public static String words(int round) {
    return "diverged in round "
        + round
        + "; try a lower learning rate (training.rate), or clipping (training.clip)";
  }
}
