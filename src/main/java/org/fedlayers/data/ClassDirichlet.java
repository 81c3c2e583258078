package org.fedlayers.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.fedlayers.options.Option;

/**
 * For each class its own shares over clients, p_c ~ Dir(concentration * 1_M): the usual
 * label-skewed split, whose client sizes differ as well.
 *
 * <p>Guard: a client with fewer than {@code minimum} samples takes the missing ones, at random, one
 * at a time from whoever then has most. (Other libraries redraw everything until no client is
 * short, which need not end.)
 *
 * @param concentration at least 1e-4: the smaller, the fewer clients share a class
 * @param minimum the fewest samples of a client, at least 1
 */
public record ClassDirichlet(
    @Option(value = Deal.CONCENTRATION, range = Deal.CONCENTRATIONS) double concentration,
    @Option(value = Deal.MINIMUM, range = Deal.MINIMA, standard = "10") int minimum)
    implements Partition {
  @Override
  public int[][] deal(int[] labels, int classes, int clients, Randomness randomness) {
    Deal.require(this, labels.length, clients, minimum);
    UniformRandomProvider random = randomness.of("partition");
    var fractions = Deal.dirichlet(random, clients, concentration);
    List<List<Integer>> hands = new ArrayList<>();
    for (int m = 0; m < clients; m++) {
      hands.add(new ArrayList<>());
    }
    for (int[] ofClass : Deal.shuffledByClass(labels, classes, random)) {
      int[] ends = Deal.ends(fractions.get(), ofClass.length);
      for (int m = 0, i = 0; m < clients; m++) {
        for (; i < ends[m]; i++) {
          hands.get(m).add(ofClass[i]);
        }
      }
    }
    fillUp(hands, random);
    return hands.stream()
        .map(hand -> hand.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toArray(int[][]::new);
  }

  private void fillUp(List<List<Integer>> hands, UniformRandomProvider random) {
    for (List<Integer> hand : hands) {
      while (hand.size() < minimum) {
        List<Integer> richest = Collections.max(hands, Comparator.comparingInt(List::size));
        int pick = random.nextInt(richest.size());
        hand.add(richest.get(pick));
        richest.set(pick, richest.get(richest.size() - 1));
        richest.remove(richest.size() - 1);
      }
    }
  }
}
