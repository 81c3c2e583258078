package org.fedlayers.claims;

/**
 * A claim of a paper, or a question of ours.
 *
 * @param id for example D1
 * @param paper {@code divergence}, {@code fixbn}, {@code man} or {@code together}
 * @param statement in our words
 * @param measure what is measured and in which unit; accuracies are means over the {@link
 *     org.fedlayers.experiment.EndOfRun}
 * @param rule how it is decided
 */
public record Claim(String id, String paper, String statement, String measure, Rule rule) {}
