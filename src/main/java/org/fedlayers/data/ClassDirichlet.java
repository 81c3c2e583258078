package org.fedlayers.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.options.Option;

/**
 * The usual label-skewed split: the samples of each class c are divided over the M clients by the
 * fractions p_c ~ Dir(concentration * 1_M), so the sizes of clients differ as well (Yurochkin et
 * al., 2019, arXiv 1905.12022; Li et al., 2022, arXiv 2102.02079).
 *
 * <p>A client with fewer than {@code minimum} samples takes the missing ones one at a time, each a
 * random sample of the client that is then the largest. Other libraries repeat the whole draw until
 * no client is short, which need not end.
 */
public record ClassDirichlet(
    @Option(value = ClientSplit.CONCENTRATION, range = ClientSplit.CONCENTRATIONS)
        double concentration,
    @Option(value = ClientSplit.MINIMUM, range = ClientSplit.MINIMA, standard = "10") int minimum)
    implements Partition {
  @Override
  public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
    ClientSplit.require(this, labels.length, clients, minimum);
    UniformRandomProvider random = randomness.of("partition");
    var fractions = ClientSplit.dirichlet(random, clients, concentration);
    var split = Stream.<List<Integer>>generate(ArrayList::new).limit(clients).toList();
    for (int[] ofClass : ClientSplit.shuffledByClass(labels, classes, random)) {
      int[] ends = ClientSplit.ends(fractions.get(), ofClass.length);
      for (int m = 0, i = 0; m < clients; m++) {
        for (; i < ends[m]; i++) {
          split.get(m).add(ofClass[i]);
        }
      }
    }
    for (List<Integer> own : split) {
      while (own.size() < minimum) {
        List<Integer> largest = Collections.max(split, Comparator.comparingInt(List::size));
        Collections.swap(largest, random.nextInt(largest.size()), largest.size() - 1);
        own.add(largest.remove(largest.size() - 1));
      }
    }
    return split.stream()
        .map(own -> own.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toArray(int[][]::new);
  }
}
