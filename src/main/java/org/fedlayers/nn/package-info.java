/**
 * What a neural network is here: a {@link org.fedlayers.nn.Network} (layers and skips, described
 * once), its architectures, and a {@link org.fedlayers.nn.Model}, which computes losses and
 * gradients of a network from flat vectors of weights and statistics. The executors live in the
 * packages {@code graph} (DL4J), {@code plan} (oneDNN) and {@code cuda} (cuDNN); {@code dual}
 * computes products with the Hessian.
 */
package org.fedlayers.nn;
