package org.fedlayers.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.fedlayers.options.Option;
import org.fedlayers.options.UserError;

/**
 * Each client has samples of exactly k different classes. Classes are given to equally many clients
 * (within one) and divided equally among them, so sizes are equal where that is possible. Which
 * client has which class is random.
 *
 * <p>Unlike the shards of arXiv 1602.05629, whose two shards may be of one class.
 */
public record ClassesPerClient(
    @Option(value = "k, how many classes a client has", name = "classes", range = "[1, 1000000]")
        int classesEach)
    implements Partition {

  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, 1);
    requirePossible(classes, clients);
    UniformRandomProvider random = randomness.of("partition");
    boolean[][] holds = assign(classes, clients, random);
    int[][] byClass = ClientSplit.shuffledByClass(labels, classes, random);
    int[] clientOf = new int[labels.length];
    for (int c = 0; c < classes; c++) {
      int ofClass = c;
      int[] holders = IntStream.range(0, clients).filter(m -> holds[m][ofClass]).toArray();
      if (byClass[c].length < holders.length) {
        throw new UserError(
            "partition classes-per-client: class %d has %d samples for its %d clients"
                .formatted(c, byClass[c].length, holders.length));
      }
      ArraySampler.shuffle(random, holders);
      for (int i = 0; i < byClass[c].length; i++) {
        clientOf[byClass[c][i]] = holders[i % holders.length];
      }
    }
    return ClientSplit.members(clientOf, clients);
  }

  private void requirePossible(int classes, int clients) {
    if (classesEach > classes) {
      throw new UserError(
          "partition classes-per-client: %d classes per client, but there are only %d"
              .formatted(classesEach, classes));
    }
    if ((long) clients * classesEach < classes) {
      throw new UserError(
          "partition classes-per-client: %d clients with %d classes each leave %d of %d classes without a client"
              .formatted(clients, classesEach, classes - clients * classesEach, classes));
    }
  }

  /**
   * Which client has which class. Each client in turn takes the k classes with most places left,
   * ties at random, which always comes out even.
   */
  private boolean[][] assign(int classes, int clients, UniformRandomProvider random) {
    Integer[] order = IntStream.range(0, classes).boxed().toArray(Integer[]::new);
    ArraySampler.shuffle(random, order);
    int[] sizes = ClientSplit.equalSizes(clients * classesEach, classes);
    int[] places = new int[classes];
    for (int i = 0; i < classes; i++) {
      places[order[i]] = sizes[i];
    }
    boolean[][] holds = new boolean[clients][classes];
    for (boolean[] client : ArraySampler.shuffle(random, holds.clone())) {
      ArraySampler.shuffle(random, order);
      Arrays.sort(order, Comparator.comparingInt((Integer c) -> -places[c]));
      for (int i = 0; i < classesEach; i++) {
        client[order[i]] = true;
        places[order[i]]--;
      }
    }
    return holds;
  }
}
