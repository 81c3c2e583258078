package org.fedlayers.options;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.lang3.StringUtils;

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

  /** With its article: {@code an image set}. */
  static String one(String kind) {
    return ("aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind;
  }

  /** Levenshtein's: insertions, deletions and substitutions. */
  @SuppressWarnings("deprecation") // there is another in commons-text, which is no dependency
  private static int distance(String a, String b) {
    return StringUtils.getLevenshteinDistance(a, b);
  }
}
