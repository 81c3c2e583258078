/**
 * What is measured on a federated model besides its accuracy: how far clients drift apart layer by
 * layer, how curved the loss is, what it looks like around the weights. Measurements watch rounds
 * or take weights; none changes a run.
 */
package org.fedlayers.diagnostics;
