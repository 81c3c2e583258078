package org.fedlayers.claims;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * One number for each seed.
 *
 * @param values by seed
 * @param diverged runs that have no number because they diverged
 */
record Sample(SortedMap<Long, Double> values, int diverged) {

  Sample {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  int size() {
    return values.size();
  }

  double mean() {
    return values.values().stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }

  /**
   * Difference by difference: seeds decide partition, start and order, and both sides share them.
   */
  Sample minus(Sample other) {
    return pairedWith(other, (a, b) -> a - b);
  }

  /** By which share of itself the other is smaller. */
  Sample shareSavedBy(Sample other) {
    return pairedWith(other, (a, b) -> (a - b) / a);
  }

  /** Over the seeds that both have. */
  Sample pairedWith(Sample other, DoubleBinaryOperator operator) {
    SortedMap<Long, Double> paired = new TreeMap<>();
    values.forEach(
        (seed, value) -> {
          Double partner = other.values.get(seed);
          if (partner != null) {
            paired.put(seed, operator.applyAsDouble(value, partner));
          }
        });
    return new Sample(paired, diverged + other.diverged);
  }
}
