package org.fedlayers.options;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Collects everything that is wrong with a configuration, so that a user sees all problems at once,
 * and a problem that occurs in many places once.
 */
public final class Problems {
  private final Map<String, Set<String>> places = new LinkedHashMap<>();

  public void add(String place, String message) {
    places.computeIfAbsent(message, none -> new LinkedHashSet<>()).add(place);
  }

  /** A value that is not what its key takes. */
  public void unexpected(String key, Located value, String expected) {
    add(value.place(), "%s is %s, expected %s".formatted(key, value, expected));
  }

  /** A word that is none of those known becomes a problem. */
  public void requireKnown(String place, String what, String word, Collection<String> known) {
    if (!known.contains(word)) {
      add(place, "%s: there is no '%s'%s".formatted(what, word, Spelling.hint(word, known)));
    }
  }

  /** Runs a step; its refusal becomes a problem of this place, and null the result. */
  public <T> T attempt(String place, Supplier<T> step) {
    try {
      return step.get();
    } catch (UserError refusal) {
      add(place, refusal.getMessage());
      return null;
    }
  }

  /** The keys and values of a map; of anything but an empty list in its place it is a problem. */
  public Map<String, Located> map(Located written) {
    if (!written.isMap() && !List.of().equals(written.content())) {
      add(written.place(), written + " stands where keys and values are expected");
    }
    return written.isMap() ? written.map() : Map.of();
  }

  /**
   * @throws UserError with all problems, one a line, if there are any
   */
  public void throwIfAny(String what) {
    List<String> messages = new ArrayList<>();
    places.forEach(
        (message, at) -> {
          String more = at.size() == 1 ? "" : " (and %d more)".formatted(at.size() - 1);
          messages.add(at.iterator().next() + more + ": " + message);
        });
    if (messages.size() == 1) {
      throw new UserError(messages.get(0));
    }
    if (!messages.isEmpty()) {
      throw new UserError(
          what + " has " + messages.size() + " problems:\n  " + String.join("\n  ", messages));
    }
  }
}
