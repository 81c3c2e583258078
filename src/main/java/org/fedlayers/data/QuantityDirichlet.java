package org.fedlayers.data;

import org.apache.commons.rng.UniformRandomProvider;
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
    int[] shuffled = ClientSplit.shuffled(labels.length, random);
    double[] fractions = ClientSplit.dirichlet(random, clients, concentration).get();
    int[] ends = ClientSplit.ends(fractions, labels.length - clients * minimum);
    int[] clientOf = new int[labels.length];
    for (int client = 0, i = 0; client < clients; client++) {
      for (int end = (client + 1) * minimum + ends[client]; i < end; i++) {
        clientOf[shuffled[i]] = client;
      }
    }
    return ClientSplit.members(clientOf, clients);
  }
}
