package org.fedlayers.claims;

import java.util.List;

/**
 * A claim that something other than runs decides.
 *
 * @param tests names of the tests that hold it, if there are any
 * @param words why
 */
record Settled(Verdict verdict, List<String> tests, String words) implements Rule {

  @Override
  public Judgement judge(Evidence none) {
    return Judgement.without(
        verdict, tests.isEmpty() ? words : "tests: " + String.join(", ", tests));
  }
}
