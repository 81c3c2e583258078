package org.fedlayers.data;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.options.Option;

/**
 * Clients of equal size, each with a class prior q_m ~ Dir(concentration * 1_C), an idea of Hsu et
 * al. (2019, arXiv 1909.06335). Until every sample has a client, a random client that is not yet
 * full draws a class from its prior, again if no sample of it is left, and takes a random sample of
 * that class. This is the split of arXiv 2512.08314 and of FedDyn, arXiv 2111.04263, whose code it
 * follows.
 *
 * <p>Drawing again until a class has samples left equals one draw from the prior restricted to
 * those classes, which is what is done here. If the prior has no weight on any of them, as happens
 * at small concentrations, classes are drawn in proportion to the samples left. Sizes differ by one
 * at most. Since every sample is assigned, clients that fill up last take what is left, and the
 * class fractions are somewhat more even than the priors.
 */
public record EqualDirichlet(
    @Option(value = ClientSplit.CONCENTRATION, range = ClientSplit.CONCENTRATIONS)
        double concentration)
    implements Partition {

  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, 1);
    UniformRandomProvider random = randomness.of("partition");
    double[][] priors =
        Stream.generate(ClientSplit.dirichlet(random, classes, concentration))
            .limit(clients)
            .toArray(double[][]::new);
    int[][] byClass = ClientSplit.shuffledByClass(labels, classes, random);
    int[] left = Stream.of(byClass).mapToInt(ofClass -> ofClass.length).toArray();
    int[] open = ClientSplit.shuffled(clients, random);
    int[] sizes = ClientSplit.equalSizes(labels.length, clients);
    int[] room = new int[clients];
    IntStream.range(0, clients).forEach(i -> room[open[i]] = sizes[i]);
    int[] clientOf = new int[labels.length];
    for (int stillOpen = clients; stillOpen > 0; ) {
      int pick = random.nextInt(stillOpen);
      int client = open[pick];
      int drawn = draw(priors[client], left, random);
      clientOf[byClass[drawn][--left[drawn]]] = client;
      if (--room[client] == 0) {
        open[pick] = open[--stillOpen];
      }
    }
    return ClientSplit.members(clientOf, clients);
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
