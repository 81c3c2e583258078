package org.fedlayers.options;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a user probably meant. */
public final class Spelling {
  private Spelling() {}

  /** {@code "; did you mean 'nearest'?"}, or what there is if nothing is near. */
  public static String hint(String word, Collection<String> known) {
    if (known.isEmpty()) {
      return "; there are none";
    }
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(word, name)))
        .filter(name -> distance(word, name) <= Math.max(2, word.length() / 3))
        .map(name -> "; did you mean '" + name + "'?")
        .orElseGet(() -> "; there are: " + String.join(", ", known));
  }

  /** Levenshtein's: insertions, deletions and substitutions. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
