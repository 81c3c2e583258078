/**
 * A {@link org.fedlayers.nn.Network} run as a deeplearning4j ComputationGraph: the reference that
 * the fast executor is held equal to, and the path for other processors. Convolutions, dense
 * layers, pools and sums are DL4J's; normalisers and activations are vertices of our own, because
 * DL4J keeps running statistics among its parameters and has no penalty on activations.
 */
package org.fedlayers.nn.graph;
