/**
 * The fast executor: a {@link org.fedlayers.nn.Network} compiled to a static list of oneDNN
 * primitives over blocked layouts, for x86-64. {@link org.fedlayers.nn.plan.PlanModel} is the door;
 * {@code PlanCompiler} walks the network and lets one small class per kind of layer append its
 * steps to an {@code Assembly}, which becomes a {@code Plan}. Weights, gradients and statistics are
 * plain vectors at the {@code Border}; everything else lives in one {@code Slab} of native memory,
 * where {@code Placement} finds each {@code Region} a place.
 *
 * <p>Wide convolutions with windows of 5, and of 3 where oneDNN has no such kernel, go by {@code
 * Winograd}'s algorithm in a {@code WinogradLayer}: {@code Tiling} and {@code LineTransform} in
 * Java, {@code PointProducts} and {@code WindowPoints} in oneDNN.
 */
package org.fedlayers.nn.plan;
