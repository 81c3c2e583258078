/**
 * What is asked: an experiment's YAML file, read strictly by {@link
 * org.fedlayers.experiment.ExperimentReader} into a cross product of cells, each a {@link
 * org.fedlayers.experiment.Configuration} with an arm and a seed. Nothing here trains.
 */
package org.fedlayers.experiment;
