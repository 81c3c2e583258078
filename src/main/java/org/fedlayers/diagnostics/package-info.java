/**
 * Measurements of a federated model besides its accuracy: divergence of the clients layer by layer,
 * similarity of their features, curvature of the loss and its landscape around the weights. A
 * measurement listens to rounds or is given weights; none changes a run.
 */
package org.fedlayers.diagnostics;
