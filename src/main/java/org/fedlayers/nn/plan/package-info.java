/**
 * The fast executor: a {@link org.fedlayers.nn.Network} compiled to a static list of oneDNN
 * primitives over blocked layouts, for x86-64. {@link org.fedlayers.nn.plan.PlanModel} is the entry
 * point; {@code PlanCompiler} walks the network and lets one small class per kind of layer append
 * its steps to an {@code Assembly}, which becomes a {@code Plan}. Weights, gradient and statistics
 * are a {@code NativeVector} each; every other {@code Buffer} has an offset in one {@code Arena} of
 * native memory.
 *
 * <p>Wide convolutions with kernels of 5x5, and of 3x3 where oneDNN has no such kernel, go by
 * {@code Winograd}'s algorithm in a {@code WinogradLayer}: {@code Tiling} and {@code TileTransform}
 * in Java, {@code TileProducts} and {@code TransformedKernels} in oneDNN.
 */
package org.fedlayers.nn.plan;
