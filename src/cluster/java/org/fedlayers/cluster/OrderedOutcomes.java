package org.fedlayers.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Passes on outcomes in the order of their numbers, each once, in whatever order they arrive. */
final class OrderedOutcomes {
  private final Consumer<Outcome> sink;
  private final Map<Integer, Outcome> early = new HashMap<>();
  private int next;

  OrderedOutcomes(Consumer<Outcome> sink) {
    this.sink = sink;
  }

  /** Accepts an outcome; a task that Spark ran twice counts once. */
  void take(int index, Outcome outcome) {
    if (index >= next) {
      early.putIfAbsent(index, outcome);
    }
    while (early.containsKey(next)) {
      sink.accept(early.remove(next++));
    }
  }

  /** The number of outcomes passed on. */
  int passedOn() {
    return next;
  }
}
