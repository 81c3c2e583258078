package org.fedlayers.data;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/**
 * What partitions have in common: checks of what is asked for, sizes, Dirichlet draws. Each finds
 * the client of every sample, from which {@link #members} makes the split.
 */
final class ClientSplit {
  static final String CONCENTRATION =
      "Dirichlet concentration: the smaller, the more skewed (for one class per client take"
          + " classes-per-client)";

  /** Below 1e-4 the gamma draws behind a Dirichlet draw underflow to zero. */
  static final String CONCENTRATIONS = "[0.0001, 1e9]";

  static final String MINIMUM = "fewest samples of a client";
  static final String MINIMA = "[1, 1000000]";

  private ClientSplit() {}

  /** Refuses options out of their ranges, and more clients than the samples suffice for. */
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
   * Divides 0..whole-1 into consecutive parts of the given fractions, to rounding.
   *
   * @param fractions of each part; they sum to 1
   * @return where each part ends; the last one ends at {@code whole}
   */
  static int[] ends(double[] fractions, int whole) {
    int[] ends = new int[fractions.length];
    double upTo = 0;
    for (int i = 0; i < ends.length; i++) {
      upTo += fractions[i];
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
    int[][] byClass = members(labels, classes);
    for (int[] ofClass : byClass) {
      ArraySampler.shuffle(random, ofClass);
    }
    return byClass;
  }

  /** The numbers 0..count-1, shuffled. */
  static int[] shuffled(int count, UniformRandomProvider random) {
    return ArraySampler.shuffle(random, PermutationSampler.natural(count));
  }

  /** For each group (client or class) the indices of its members, ascending. */
  static int[][] members(int[] groupOf, int groups) {
    int[] sizes = new int[groups];
    IntStream.of(groupOf).forEach(group -> sizes[group]++);
    int[][] members = IntStream.of(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    for (int i = groupOf.length - 1; i >= 0; i--) {
      members[groupOf[i]][--sizes[groupOf[i]]] = i;
    }
    return members;
  }
}
