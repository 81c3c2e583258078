package org.fedlayers.data;

import org.fedlayers.options.UserError;

/**
 * A partition of the training samples among clients, which makes a federation heterogeneous.
 *
 * <p>Every sample goes to exactly one client, every client gets at least one, and the indices of a
 * client are in ascending order. The split depends on nothing but its arguments.
 */
public interface Partition {

  /**
   * Splits samples among clients.
   *
   * @param labels the class of each sample, 0..classes-1
   * @param classes number of classes
   * @param clients number of clients
   * @return for each client the indices of its samples, ascending
   * @throws UserError if these samples cannot be split this way
   */
  int[][] split(int[] labels, int classes, int clients, Randomness randomness);
}
