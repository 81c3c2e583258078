/**
 * From results to verdicts. Every claim of the three papers has its rule here, written before the
 * runs: what is measured, on which cells, and within which margin. {@link
 * org.fedlayers.claims.Ledger} applies all rules to the CSV files of a results folder; nothing else
 * goes in, so equal files give equal verdicts.
 *
 * <p>A {@link org.fedlayers.claims.Runs} names rows, which {@link org.fedlayers.claims.Evidence}
 * reads into {@link org.fedlayers.claims.Cells}: one {@link org.fedlayers.claims.Sample} of numbers
 * by seed for each cell of an experiment's grid. Differences are taken seed by seed, and an {@link
 * org.fedlayers.claims.Estimate} puts an interval on them that a {@link
 * org.fedlayers.claims.Hypothesis} judges.
 */
package org.fedlayers.claims;
