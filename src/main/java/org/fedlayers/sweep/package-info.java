/**
 * Runs what is asked: the cells of experiments side by side ({@link org.fedlayers.sweep.Sweep}),
 * with checkpoints that survive a crash, into CSV files with their provenance, from which {@link
 * org.fedlayers.sweep.Verification} runs a cell again.
 */
package org.fedlayers.sweep;
