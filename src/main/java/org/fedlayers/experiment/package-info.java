/**
 * From an experiment's YAML file to results: strict reading, the cross product of its grid, cells
 * that run side by side and survive a crash, and CSV files with their provenance. An experiment is
 * read by {@link org.fedlayers.experiment.ExperimentReader}, run by {@link
 * org.fedlayers.experiment.Sweep}, and re-run from its provenance by {@link
 * org.fedlayers.experiment.Verification}.
 */
package org.fedlayers.experiment;
