package org.fedlayers.claims;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.results.Interval;

/**
 * The intervals of cells that have a number.
 *
 * @param alone of each by itself
 * @param atOnce of all at once
 * @param deciding cells with an interval, which a single seed does not have, of all their seeds:
 *     who looks at some of them and stops where he likes what he sees has more than 5 % of errors
 * @param whole whether these are all
 */
record Pooled(
    Map<Map<String, String>, Interval> alone,
    Map<Map<String, String>, Interval> atOnce,
    Set<Map<String, String>> deciding,
    boolean whole) {

  Map<Map<String, String>, Interval> known(Map<Map<String, String>, Interval> intervals) {
    Map<Map<String, String>, Interval> known = new LinkedHashMap<>(intervals);
    known.keySet().retainAll(deciding);
    return known;
  }

  /** As if no other cells were claimed. */
  Verdict ofThese(Decision decision) {
    return decision.of(List.copyOf(known(alone).values()), List.copyOf(known(atOnce).values()));
  }

  Verdict verdict(Decision decision) {
    return whole
        ? ofThese(decision)
        : decision.ofSome(List.copyOf(known(alone).values()), List.copyOf(known(atOnce).values()));
  }
}
