package org.fedlayers.data;

import java.util.Arrays;
import org.fedlayers.options.Option;

/**
 * The split of the first FedAvg experiments (McMahan et al., 2017, arXiv 1602.05629): samples
 * sorted by class are divided into equal shards, and each client gets some shards at random. Two
 * shards of one client may be of the same class, and a shard may straddle two classes; see {@link
 * ClassesPerClient} for an exact number.
 */
public record Shards(
    @Option(value = "shards of each client", range = "[1, 1000000]", standard = "2") int shards)
    implements Partition {

  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, shards);
    var random = randomness.of("partition");
    int[] sorted =
        Arrays.stream(ClientSplit.shuffledByClass(labels, classes, random))
            .flatMapToInt(Arrays::stream)
            .toArray();
    int[] sizes = ClientSplit.equalSizes(sorted.length, clients * shards);
    int[] ends = sizes.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] order = ClientSplit.shuffled(sizes.length, random);
    int[] clientOf = new int[labels.length];
    for (int place = 0; place < order.length; place++) {
      int shard = order[place];
      for (int i = ends[shard] - sizes[shard]; i < ends[shard]; i++) {
        clientOf[sorted[i]] = place / shards;
      }
    }
    return ClientSplit.members(clientOf, clients);
  }
}
