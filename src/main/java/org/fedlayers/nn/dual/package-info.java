/**
 * A {@link org.fedlayers.nn.Network} in dual numbers, on ND4J: values with their derivative along a
 * direction of the weights, forward and back, for exact products with the Hessian.
 */
package org.fedlayers.nn.dual;
