package org.fedlayers.data;

import org.fedlayers.options.UserError;

/**
 * A way to deal training samples out to clients.
 *
 * <p>Every sample goes to exactly one client, every client gets at least one, and a client's
 * indices are in ascending order. A deal depends on nothing but its arguments.
 */
public interface Partition {

  /**
   * Deals samples to clients.
   *
   * @param labels the class of each sample, 0..classes-1
   * @param classes number of classes
   * @param clients number of clients
   * @return for each client the indices of its samples, ascending
   * @throws UserError if these samples cannot be dealt this way
   */
  int[][] deal(int[] labels, int classes, int clients, Randomness randomness);
}
