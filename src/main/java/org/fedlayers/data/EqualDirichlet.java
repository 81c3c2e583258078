package org.fedlayers.data;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.fedlayers.options.Option;

/**
 * Equal client sizes and a class prior for each client, q_m ~ Dir(delta * 1_C): until all samples
 * are dealt, a random client that is not yet full draws a class from its prior, again if that class
 * is exhausted, and takes a random sample of it. The split of arXiv 2512.08314 (and of FedDyn,
 * arXiv 2111.04263, whose code it follows).
 *
 * <p>Drawing again until a class has samples left equals one draw from the prior restricted to
 * those classes, which is what is done here. Where a prior has no weight on any of them (it happens
 * at small concentrations), the restricted prior is the numbers of samples left. Sizes differ by
 * one at most. Because every sample is dealt, the clients served last take what is left, and class
 * shares are somewhat more even than the priors.
 *
 * @param concentration delta, at least 1e-4: the smaller, the fewer classes a client has
 */
public record EqualDirichlet(
    @Option(value = Deal.CONCENTRATION, range = Deal.CONCENTRATIONS) double concentration)
    implements Partition {

  @Override
  public int[][] deal(int[] labels, int classes, int clients, Randomness randomness) {
    Deal.require(this, labels.length, clients, 1);
    UniformRandomProvider random = randomness.of("partition");
    double[][] priors =
        Stream.generate(Deal.dirichlet(random, classes, concentration))
            .limit(clients)
            .toArray(double[][]::new);
    int[][] byClass = Deal.shuffledByClass(labels, classes, random);
    int[] left = new int[classes];
    for (int c = 0; c < classes; c++) {
      left[c] = byClass[c].length;
    }
    int[] open = ArraySampler.shuffle(random, IntStream.range(0, clients).toArray());
    int[] sizes = Deal.equalSizes(labels.length, clients);
    int[][] deal = new int[clients][];
    for (int i = 0; i < clients; i++) {
      deal[open[i]] = new int[sizes[i]];
    }
    int[] filled = new int[clients];
    for (int stillOpen = clients; stillOpen > 0; ) {
      int pick = random.nextInt(stillOpen);
      int client = open[pick];
      int drawn = draw(priors[client], left, random);
      deal[client][filled[client]++] = byClass[drawn][--left[drawn]];
      if (filled[client] == deal[client].length) {
        open[pick] = open[--stillOpen];
      }
    }
    return Deal.ascending(deal);
  }

  /** A class with samples left, with probability in proportion to its prior. */
  private static int draw(double[] prior, int[] left, UniformRandomProvider random) {
    double total = 0;
    for (int c = 0; c < left.length; c++) {
      total += left[c] > 0 ? prior[c] : 0;
    }
    double mark = random.nextDouble() * total;
    int last = -1;
    for (int c = 0; c < left.length; c++) {
      if (left[c] > 0 && prior[c] > 0) {
        last = c;
        mark -= prior[c];
        if (mark < 0) {
          break;
        }
      }
    }
    return last >= 0 ? last : byNumberLeft(left, random);
  }

  private static int byNumberLeft(int[] left, UniformRandomProvider random) {
    int mark = random.nextInt(IntStream.of(left).sum());
    int c = 0;
    while (mark >= left[c]) {
      mark -= left[c++];
    }
    return c;
  }
}
