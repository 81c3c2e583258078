package org.fedlayers.data;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;

/** Sample indices by class: what every deal and every stratified draw starts from. */
final class Labels {
  private Labels() {}

  /** For each class the indices of its samples, ascending. */
  static int[][] byClass(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    int[][] indices = new int[classes][];
    for (int c = 0; c < classes; c++) {
      indices[c] = new int[counts[c]];
    }
    for (int i = labels.length - 1; i >= 0; i--) {
      indices[labels[i]][--counts[labels[i]]] = i;
    }
    return indices;
  }

  /** For each class the indices of its samples, shuffled. */
  static int[][] shuffledByClass(int[] labels, int classes, UniformRandomProvider random) {
    int[][] indices = byClass(labels, classes);
    for (int[] ofClass : indices) {
      ArraySampler.shuffle(random, ofClass);
    }
    return indices;
  }
}
