package org.fedlayers.claims;

import java.util.Map;

/**
 * A claim of a paper, or a question of ours, as {@code claims.yaml} states it.
 *
 * @param id for example D1
 * @param paper {@code divergence}, {@code fixbn}, {@code man} or {@code together}
 * @param statement in our words
 * @param measure what is measured and in which unit
 * @param rules how it is decided, by scale
 */
public record Claim(
    String id, String paper, String statement, String measure, Map<String, Rule> rules) {

  /** How it is decided; scales differ in the experiment they look at. */
  public Rule rule() {
    return rules.get("laptop");
  }
}
