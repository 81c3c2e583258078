package org.fedlayers.diagnostics;

/**
 * Distances between K clients' weights, over some of the weights. With w_k a client's weights after
 * local training, wbar their plain mean, and u_k = w_k - w_t its update against the round's start:
 *
 * @param absolute mean_k ||w_k - wbar||
 * @param relative absolute / ||wbar||; NaN if wbar is zero
 * @param update rms_k ||w_k - wbar|| / rms_k ||u_k||, in [0, 1]: 0 if all moved alike, about 1 if
 *     their mean stays put; NaN if no client moved
 * @param cosine 1 - mean over pairs of the cosine between updates, in [0, 2]; NaN for one client,
 *     and if one did not move
 * @param perWeight absolute / sqrt(number of weights)
 */
public record Divergence(
    double absolute, double relative, double update, double cosine, double perWeight) {

  /** part / whole; NaN, and not infinite, if the whole is 0. */
  static double ratio(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }
}
