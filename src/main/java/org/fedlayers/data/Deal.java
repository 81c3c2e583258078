package org.fedlayers.data;

import java.util.Arrays;
import org.fedlayers.options.UserError;

/** What the deals have in common: refusals, equal sizes, hands that fill up. */
final class Deal {
  private Deal() {}

  /** Refuses what no partition can do. */
  static void require(Partition partition, int samples, int clients, int least) {
    if (clients < 1) {
      throw new UserError(
          "partition %s: %d clients, expected at least 1".formatted(partition.name(), clients));
    }
    if ((long) clients * least > samples) {
      throw new UserError(
          "partition %s: %d clients with at least %d sample%s each do not fit into %d training samples"
              .formatted(partition.name(), clients, least, least == 1 ? "" : "s", samples));
    }
  }

  /**
   * Refuses a Dirichlet concentration that cannot be sampled: below 1e-4 the gamma draws behind it
   * underflow to zero.
   */
  static void requireConcentration(String partition, double concentration) {
    if (!(concentration >= 1e-4 && concentration < Double.POSITIVE_INFINITY)) {
      throw new UserError(
          "partition %s: concentration is %s, expected a number of at least 0.0001 (for one class per client take classes-per-client)"
              .formatted(partition, concentration));
    }
  }

  /** Sizes that differ by one at most: the first (total mod parts) parts are the larger ones. */
  static int[] equalSizes(int total, int parts) {
    int[] sizes = new int[parts];
    Arrays.setAll(sizes, i -> total / parts + (i < total % parts ? 1 : 0));
    return sizes;
  }

  static int[][] ascending(int[][] deal) {
    for (int[] hand : deal) {
      Arrays.sort(hand);
    }
    return deal;
  }
}
