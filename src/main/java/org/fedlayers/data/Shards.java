package org.fedlayers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.ArraySampler;
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
    int[] starts = sizes.clone();
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] order = ArraySampler.shuffle(random, IntStream.range(0, sizes.length).toArray());
    int[][] split = new int[clients][];
    for (int client = 0; client < clients; client++) {
      split[client] =
          IntStream.range(client * shards, (client + 1) * shards)
              .map(i -> order[i])
              .flatMap(s -> Arrays.stream(sorted, starts[s] - sizes[s], starts[s]))
              .toArray();
    }
    return ClientSplit.ascending(split);
  }
}
