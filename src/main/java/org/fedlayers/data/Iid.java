package org.fedlayers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.ArraySampler;
import org.fedlayers.options.Option;

/**
 * Equal shares of a shuffled training set; sizes differ by one at most.
 *
 * @param balanced whether every class is dealt out evenly too: each client gets exactly the same
 *     number of each class where that divides, as in the IID split of CIFAR-100 in arXiv 2512.08314
 *     (5 images a class for 100 clients), and numbers within one of each other where it does not
 */
public record Iid(
    @Option(value = "whether each client gets as many images of every class", standard = "false")
        boolean balanced)
    implements Partition {

  @Override
  public int[][] deal(int[] labels, int classes, int clients, Randomness randomness) {
    Deal.require(this, labels.length, clients, 1);
    var random = randomness.of("partition");
    int[] cards;
    if (balanced) {
      int[][] byClass = ArraySampler.shuffle(random, Deal.shuffledByClass(labels, classes, random));
      cards = Arrays.stream(byClass).flatMapToInt(Arrays::stream).toArray();
    } else {
      cards = ArraySampler.shuffle(random, IntStream.range(0, labels.length).toArray());
    }
    int[] seats = ArraySampler.shuffle(random, IntStream.range(0, clients).toArray());
    int[][] deal = new int[clients][];
    for (int seat = 0; seat < clients; seat++) {
      int start = seat;
      int size = (labels.length - seat + clients - 1) / clients;
      deal[seats[seat]] = IntStream.range(0, size).map(i -> cards[start + i * clients]).toArray();
    }
    return Deal.ascending(deal);
  }
}
