package org.fedlayers.options;

import static org.apache.commons.lang3.StringUtils.getLevenshteinDistance;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a user probably meant. */
public final class Spelling {
  private Spelling() {}

  /** {@code "; did you mean 'nearest'?"}, or what there is if nothing is near. */
  @SuppressWarnings("deprecation") // there is another in commons-text, which is no dependency
  public static String hint(String word, Collection<String> known) {
    if (known.isEmpty()) {
      return "; there are none";
    }
    return known.stream()
        .min(Comparator.comparingInt(name -> getLevenshteinDistance(word, name)))
        .filter(name -> getLevenshteinDistance(word, name) <= Math.max(2, word.length() / 3))
        .map(name -> "; did you mean '" + name + "'?")
        .orElseGet(() -> "; there are: " + String.join(", ", known));
  }

  /** With its article: {@code an image set}. */
  static String one(String kind) {
    return ("aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind;
  }
}
