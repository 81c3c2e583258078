package org.fedlayers.nn;

/**
 * How one training pass treats the statistics of normalisers, and what it adds to the loss.
 *
 * @param statistics which statistics normalise, and whether the running ones move
 * @param activationPenalty MAN's zeta, 0 for none: adds zeta/2 times the sum over {@link
 *     Network#penalised()} of the mean over batch and units of the squared activation (arXiv
 *     2512.08314)
 */
public record Pass(Statistics statistics, double activationPenalty) {

  public enum Statistics {
    /** The batch's own statistics normalise; the running ones move towards them. */
    MOVING,
    /** The batch's own statistics normalise; the running ones stay: SAM's second pass. */
    KEEPING,
    /**
     * The running statistics normalise, constants for the gradient, and stay: FixBN's second stage.
     */
    FROZEN,
    /**
     * The running statistics normalise, constants for the gradient; then the batch's own, the
     * variance unbiased, take their place in the vector: FBN. HYBRID's mix is not used.
     */
    COLLECTING
  }

  public static final Pass TRAINING = new Pass(Statistics.MOVING, 0);
  public static final Pass KEEPING = new Pass(Statistics.KEEPING, 0);
  public static final Pass FROZEN = new Pass(Statistics.FROZEN, 0);
  public static final Pass COLLECTING = new Pass(Statistics.COLLECTING, 0);

  /** Whether the pass changes the vector of statistics. */
  public boolean moves() {
    return statistics == Statistics.MOVING || statistics == Statistics.COLLECTING;
  }

  /** Whether the running statistics normalise, as constants for the gradient. */
  public boolean byRunning() {
    return statistics == Statistics.FROZEN || statistics == Statistics.COLLECTING;
  }

  /** The same function of weights without moving statistics. */
  public Pass keeping() {
    return new Pass(byRunning() ? Statistics.FROZEN : Statistics.KEEPING, activationPenalty);
  }

  public Pass withPenalty(double zeta) {
    return new Pass(statistics, zeta);
  }
}
