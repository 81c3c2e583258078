package org.fedlayers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.ArraySampler;

/**
 * The split of the first FedAvg experiments: samples sorted by class are cut into equal shards, and
 * each client gets some shards at random. Two shards of one client may be of the same class, and a
 * shard may straddle two classes; see {@link ClassesPerClient} for an exact number.
 *
 * @param shards of each client, at least 1
 */
public record Shards(int shards) implements Partition {

  public Shards {
    if (shards < 1) {
      throw new UserError("partition shards: shards is %d, expected at least 1".formatted(shards));
    }
  }

  @Override
  public String name() {
    return "shards";
  }

  @Override
  public String paper() {
    return "McMahan et al. 2017, arXiv 1602.05629 (2 shards)";
  }

  @Override
  public int[][] deal(int[] labels, int classes, int clients, Randomness randomness) {
    Deal.require(this, labels.length, clients, shards);
    var random = randomness.of("partition");
    int[] sorted =
        Arrays.stream(Labels.shuffledByClass(labels, classes, random))
            .flatMapToInt(Arrays::stream)
            .toArray();
    int[] sizes = Deal.equalSizes(sorted.length, clients * shards);
    int[] starts = sizes.clone();
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] order = ArraySampler.shuffle(random, IntStream.range(0, sizes.length).toArray());
    int[][] deal = new int[clients][];
    for (int client = 0; client < clients; client++) {
      deal[client] =
          IntStream.range(client * shards, (client + 1) * shards)
              .map(i -> order[i])
              .flatMap(s -> Arrays.stream(sorted, starts[s] - sizes[s], starts[s]))
              .toArray();
    }
    return Deal.ascending(deal);
  }
}
