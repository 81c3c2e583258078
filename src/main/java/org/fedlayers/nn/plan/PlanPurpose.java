package org.fedlayers.nn.plan;

/**
 * What a plan is compiled for.
 *
 * @param size images in the batch
 * @param training whether gradients are wanted
 * @param frozen whether running statistics normalise
 * @param penalty MAN's zeta, 0 for none
 */
record PlanPurpose(int size, boolean training, boolean frozen, double penalty) {}
