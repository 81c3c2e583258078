package org.fedlayers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;

/**
 * Quantity skew: client sizes are drawn from Dir(concentration * 1_M), classes are not skewed. Each
 * client gets the minimum first; what is left is cut at the cumulated draws.
 *
 * @param concentration at least 1e-4: the smaller, the more unequal the sizes
 * @param minimum the fewest samples of a client, at least 1
 */
public record QuantityDirichlet(double concentration, int minimum) implements Partition {

  public QuantityDirichlet {
    Deal.requireConcentration("quantity-dirichlet", concentration);
    if (minimum < 1) {
      throw new UserError(
          "partition quantity-dirichlet: minimum is %d, expected at least 1".formatted(minimum));
    }
  }

  public QuantityDirichlet(double concentration) {
    this(concentration, ClassDirichlet.MINIMUM);
  }

  @Override
  public String name() {
    return "quantity-dirichlet";
  }

  @Override
  public String paper() {
    return "Li et al. 2022, arXiv 2102.02079";
  }

  @Override
  public int[][] deal(int[] labels, int classes, int clients, Randomness randomness) {
    Deal.require(this, labels.length, clients, minimum);
    UniformRandomProvider random = randomness.of("partition");
    int[] shuffled = ArraySampler.shuffle(random, IntStream.range(0, labels.length).toArray());
    double[] fractions =
        clients == 1
            ? new double[] {1}
            : DirichletSampler.symmetric(random, clients, concentration).sample();
    int free = labels.length - clients * minimum;
    int[][] deal = new int[clients][];
    double upTo = 0;
    int from = 0;
    for (int client = 0; client < clients; client++) {
      upTo += fractions[client];
      int cut = client == clients - 1 ? free : (int) Math.min(free, Math.round(upTo * free));
      int to = (client + 1) * minimum + cut;
      deal[client] = Arrays.copyOfRange(shuffled, from, to);
      from = to;
    }
    return Deal.ascending(deal);
  }
}
