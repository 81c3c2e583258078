package org.fedlayers.federated;

/** Training has left the finite numbers. A result to be recorded, not a fault of the program. */
public class DivergedException extends RuntimeException {
  private final int round;

  /** A client whose weights or loss are no longer finite. */
  public static DivergedException ofClient(int client, int round) {
    return new DivergedException("client " + client, round);
  }

  /** The server's weights after folding a round. */
  public static DivergedException ofServer(int round) {
    return new DivergedException("the server", round);
  }

  private DivergedException(String who, int round) {
    super(
        who
            + " diverged in round "
            + round
            + ": weights or loss are no longer finite; try a lower learning rate, clipping, or another initialisation");
    this.round = round;
  }

  public int round() {
    return round;
  }
}
