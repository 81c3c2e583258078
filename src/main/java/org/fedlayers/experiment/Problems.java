package org.fedlayers.experiment;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.fedlayers.data.UserError;

/** Collects everything that is wrong with a configuration, so that a user hears it all at once. */
final class Problems {
  private final Set<String> messages = new LinkedHashSet<>();

  void add(String place, String message) {
    messages.add(place + ": " + message);
  }

  /** Runs a step; its refusal becomes a problem of this place, and null the result. */
  <T> T attempt(String place, Supplier<T> step) {
    try {
      return step.get();
    } catch (UserError refusal) {
      add(place, refusal.getMessage());
      return null;
    }
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /**
   * @throws UserError with all problems, one a line, if there are any
   */
  void throwIfAny(String what) {
    if (messages.size() == 1) {
      throw new UserError(messages.iterator().next());
    }
    if (!messages.isEmpty()) {
      throw new UserError(
          what + " has " + messages.size() + " problems:\n  " + String.join("\n  ", messages));
    }
  }
}
