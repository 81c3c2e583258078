package org.fedlayers.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands outcomes on by number, 0, 1, 2, ..., each once, whichever order they come in. */
final class InOrder {
  private final Consumer<Outcome> sink;
  private final Map<Integer, Outcome> early = new HashMap<>();
  private int next;

  InOrder(Consumer<Outcome> sink) {
    this.sink = sink;
  }

  /** Takes an outcome; that of a task that Spark ran twice counts once. */
  void take(int index, Outcome outcome) {
    if (index >= next) {
      early.putIfAbsent(index, outcome);
    }
    while (early.containsKey(next)) {
      sink.accept(early.remove(next++));
    }
  }

  /** How many were handed on. */
  int handedOn() {
    return next;
  }
}
