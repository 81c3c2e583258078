package org.fedlayers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.fedlayers.options.Option;

/**
 * Quantity skew: client sizes are drawn from Dir(concentration * 1_M), classes are not skewed. Each
 * client gets the minimum first; the rest is divided by the drawn fractions (Li et al., 2022, arXiv
 * 2102.02079).
 */
public record QuantityDirichlet(
    @Option(value = ClientSplit.CONCENTRATION, range = ClientSplit.CONCENTRATIONS)
        double concentration,
    @Option(value = ClientSplit.MINIMUM, range = ClientSplit.MINIMA, standard = "10") int minimum)
    implements Partition {

  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, minimum);
    UniformRandomProvider random = randomness.of("partition");
    int[] shuffled = ArraySampler.shuffle(random, IntStream.range(0, labels.length).toArray());
    double[] fractions = ClientSplit.dirichlet(random, clients, concentration).get();
    int[] ends = ClientSplit.ends(fractions, labels.length - clients * minimum);
    int[][] split = new int[clients][];
    for (int client = 0, from = 0; client < clients; client++) {
      int to = (client + 1) * minimum + ends[client];
      split[client] = Arrays.copyOfRange(shuffled, from, to);
      from = to;
    }
    return ClientSplit.ascending(split);
  }
}
