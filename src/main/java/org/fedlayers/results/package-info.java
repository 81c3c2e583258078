/**
 * From measured rows to means with their intervals. Every summary, figure, table and verdict is
 * computed here.
 *
 * <p>A {@link org.fedlayers.results.Schema} makes typed rows, writes them and reads them again.
 * {@link org.fedlayers.results.ResultsFiles} reads CSV files into Tablesaw tables, each once, and
 * {@link org.fedlayers.results.Rows} selects from them. A {@link org.fedlayers.results.Reduction}
 * makes one number of a run, so that a cell of a grid becomes a {@link
 * org.fedlayers.results.Sample}: one number a seed. {@link org.fedlayers.results.Samples} holds
 * those of a whole grid and takes differences and ratios seed by seed; {@link
 * org.fedlayers.results.Interval} is where they end.
 */
package org.fedlayers.results;
