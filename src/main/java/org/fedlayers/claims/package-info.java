/**
 * From results to verdicts. The claims, their measures and their margins are written in {@code
 * experiments/<paper>/claims.yaml}, which {@link org.fedlayers.claims.Claims} reads; here are the
 * kinds of contrast and of decision that those files name. {@link org.fedlayers.claims.ClaimsTable}
 * applies all rules to the CSV files of a results folder; nothing else goes in, so equal files give
 * equal verdicts.
 *
 * <p>A {@link org.fedlayers.claims.Measure} names rows and how a run becomes a number, {@link
 * org.fedlayers.claims.Evidence} makes {@link org.fedlayers.results.Samples} of them, one for each
 * cell of an experiment's grid. Each {@code contrast} is a step towards the effect, and a {@link
 * org.fedlayers.claims.Decision} judges its {@link org.fedlayers.results.Interval}.
 */
package org.fedlayers.claims;
