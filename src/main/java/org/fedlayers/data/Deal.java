package org.fedlayers.data;

import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/** What the deals have in common: refusals, equal sizes, hands that fill up. */
final class Deal {
  static final String CONCENTRATION =
      "Dirichlet concentration: the smaller, the more skewed (for one class per client take"
          + " classes-per-client)";

  /** Below 1e-4 the gamma draws behind a Dirichlet draw underflow to zero. */
  static final String CONCENTRATIONS = "[0.0001, 1e9]";

  static final String MINIMUM = "fewest samples of a client";
  static final String MINIMA = "[1, 1000000]";

  private Deal() {}

  /** Refuses numbers out of their ranges, and what no partition can do. */
  static void require(Partition record, int samples, int clients, int least) {
    Options.check((Record) record);
    String partition = Partitions.ALL.nameOf(record);
    if (clients < 1) {
      throw new UserError(
          "partition %s: %d clients, expected at least 1".formatted(partition, clients));
    }
    if ((long) clients * least > samples) {
      throw new UserError(
          "partition %s: %d clients with at least %d sample%s each do not fit into %d training samples"
              .formatted(partition, clients, least, least == 1 ? "" : "s", samples));
    }
  }

  /** Sizes that differ by one at most: the first (total mod parts) parts are the larger ones. */
  static int[] equalSizes(int total, int parts) {
    int[] sizes = new int[parts];
    Arrays.setAll(sizes, i -> total / parts + (i < total % parts ? 1 : 0));
    return sizes;
  }

  /**
   * Where a whole is cut so that its parts have the given shares, but for rounding.
   *
   * @param shares of each part; they sum to 1
   * @return the end of each part; the last is the whole's
   */
  static int[] ends(double[] shares, int whole) {
    int[] ends = new int[shares.length];
    double upTo = 0;
    for (int i = 0; i < ends.length; i++) {
      upTo += shares[i];
      ends[i] = (int) Math.min(whole, Math.round(upTo * whole));
    }
    ends[ends.length - 1] = whole;
    return ends;
  }

  /** Draws of fractions from Dir(concentration * 1_parts); a single part is the whole. */
  static Supplier<double[]> dirichlet(
      UniformRandomProvider random, int parts, double concentration) {
    return parts == 1
        ? () -> new double[] {1}
        : DirichletSampler.symmetric(random, parts, concentration)::sample;
  }

  /** For each class the indices of its samples, shuffled. */
  static int[][] shuffledByClass(int[] labels, int classes, UniformRandomProvider random) {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    int[][] indices = new int[classes][];
    for (int c = 0; c < classes; c++) {
      indices[c] = new int[counts[c]];
    }
    for (int i = labels.length - 1; i >= 0; i--) {
      indices[labels[i]][--counts[labels[i]]] = i;
    }
    for (int[] ofClass : indices) {
      ArraySampler.shuffle(random, ofClass);
    }
    return indices;
  }

  static int[][] ascending(int[][] deal) {
    for (int[] hand : deal) {
      Arrays.sort(hand);
    }
    return deal;
  }
}
