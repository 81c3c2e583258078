package org.fedlayers.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/** What partitions have in common: checks of what is asked for, sizes, Dirichlet draws. */
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
    List<List<Integer>> ofClasses = empty(classes);
    for (int i = 0; i < labels.length; i++) {
      ofClasses.get(labels[i]).add(i);
    }
    int[][] indices = ascending(ofClasses);
    for (int[] ofClass : indices) {
      ArraySampler.shuffle(random, ofClass);
    }
    return indices;
  }

  /** A split with room for the samples of each client. */
  static List<List<Integer>> empty(int clients) {
    return Stream.generate(() -> (List<Integer>) new ArrayList<Integer>()).limit(clients).toList();
  }

  /** The samples of each client in ascending order. */
  static int[][] ascending(List<List<Integer>> split) {
    return split.stream()
        .map(own -> own.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toArray(int[][]::new);
  }

  /** The samples of each client in ascending order, in place. */
  static int[][] ascending(int[][] split) {
    Stream.of(split).forEach(Arrays::sort);
    return split;
  }
}
