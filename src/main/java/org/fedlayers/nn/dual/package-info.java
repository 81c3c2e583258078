/**
 * A {@link org.fedlayers.nn.Network} in dual numbers, on ND4J: every activation with its derivative
 * along a direction of the weights, forward and backward, for exact products with the Hessian. A
 * {@code DualModel} runs a {@code DualPass} over each chunk of images; {@code DualLayers} says what
 * each kind of layer does to values and derivatives, which are {@code PassArray}s, a Java array and
 * an ND4J array in one.
 */
package org.fedlayers.nn.dual;
