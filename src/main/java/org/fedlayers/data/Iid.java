package org.fedlayers.data;

import java.util.Arrays;
import org.apache.commons.rng.sampling.ArraySampler;
import org.fedlayers.options.Option;

/**
 * Equal parts of the shuffled training set; sizes differ by one at most.
 *
 * @param balanced whether each class is divided evenly too: every client gets the same number of
 *     each class where that is possible, as in the IID split of CIFAR-100 in arXiv 2512.08314 (5
 *     images a class for 100 clients), and numbers within one of each other where it is not
 */
public record Iid(
    @Option(value = "whether each client gets as many images of every class", standard = "false")
        boolean balanced)
    implements Partition {

  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, 1);
    var random = randomness.of("partition");
    int[] order;
    if (balanced) {
      int[][] byClass =
          ArraySampler.shuffle(random, ClientSplit.shuffledByClass(labels, classes, random));
      order = Arrays.stream(byClass).flatMapToInt(Arrays::stream).toArray();
    } else {
      order = ClientSplit.shuffled(labels.length, random);
    }
    int[] places = ClientSplit.shuffled(clients, random);
    int[] clientOf = new int[labels.length];
    for (int i = 0; i < order.length; i++) {
      clientOf[order[i]] = places[i % clients];
    }
    return ClientSplit.members(clientOf, clients);
  }
}
