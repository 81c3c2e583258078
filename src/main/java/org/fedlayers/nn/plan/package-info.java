/**
 * The fast executor: a {@link org.fedlayers.nn.Network} compiled to a static list of oneDNN
 * primitives over blocked layouts, for x86-64. {@link org.fedlayers.nn.plan.PlanModel} is the door;
 * {@code PlanCompiler} walks the network and lets one small class per kind of layer append its
 * steps to an {@code Assembly}, which becomes a {@code Plan}. Weights, gradients and statistics are
 * plain vectors at the {@code Border}; everything else lives in one {@code Slab} of native memory,
 * where {@code Placement} finds each {@code Region} a place.
 */
package org.fedlayers.nn.plan;
